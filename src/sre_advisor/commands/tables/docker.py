"""Docker's subcommands and options (podman and nerdctl share them).

Source: https://docs.docker.com/reference/cli/docker/ (v28) and https://docs.docker.com/reference/cli/docker/compose/.
"""

from __future__ import annotations

from sre_advisor.commands.cli import rows
from sre_advisor.commands.effect import changes
from sre_advisor.commands.tables import names

ONE, HOST, SWARM, SERVICE = "one container", "one host", "the swarm", "one service"
TABLE = rows(
    reading="""ps, images, logs, stats, top, port, version, info, search, diff, history, help, container ls, container
    list, container ps, container logs, container stats, container top, container port, container diff, image
    ls, image list, image history, image inspect, network ls, network list, network inspect, volume ls,
    volume list, volume inspect, node ls, node list, node ps, node inspect, service ls, service list, service
    ps, service logs, stack ls, stack list, stack ps, stack services, secret ls, secret list, secret inspect,
    config ls, config list, plugin ls, plugin list, plugin inspect, context ls, context list, context show,
    context inspect, system df, system info, system events, events, manifest inspect, trust inspect, buildx
    ls, buildx du, buildx inspect, buildx version, buildx imagetools inspect, builder du, checkpoint ls,
    wait, container wait, compose ps, compose ls, compose logs, compose images, compose top, compose port,
    compose version, compose events, compose stats, compose volumes, scout cves, scout quickview, pod ps, pod
    ls, pod list, pod top, pod stats, pod logs, machine ls, machine list""",
    secrets="swarm unlock-key, stack config, config inspect, compose config, compose convert",
    opaque="attach, container attach, swarm ca, compose attach, swarm join-token",
    changing={
        "exec, container exec, compose exec": changes("runs a command inside a container", ONE),
        "run, container run, create, container create, compose run": changes(
            "starts or makes a container; what runs in it decides what else changes", ONE
        ),
        """start, container start, stop, container stop, pause, container pause, unpause, container unpause""": changes(
            "changes whether a container runs", ONE, True
        ),
        "restart, container restart, kill, container kill": changes("interrupts what runs in a container", ONE),
        "rm, container rm, container remove, container prune": changes(
            "removes containers and what was written in them", "containers on one host", False
        ),
        "update, container update, rename, container rename": changes("changes a container's settings", ONE, True),
        "cp, container cp": changes("copies files", "files in one container or on this machine"),
        """commit, container commit, build, image build, buildx build, buildx bake, builder build, tag, image tag,
    load, image load, import, image import, pull, image pull""": changes("changes the images on this host", HOST, True),
        "save, image save, export, container export": changes(
            "writes an archive (or the data to the screen)", "files on one host", True
        ),
        "rmi, image rm, image remove, image prune, builder prune, buildx prune": changes("removes images", HOST),
        """push, image push, manifest push, manifest create, manifest annotate, manifest rm, buildx imagetools
    create""": changes("publishes an image", "a registry", False),
        "system prune": changes("removes everything unused", HOST, False),
        "volume rm, volume remove, volume prune": changes("deletes data", "data", False),
        """volume create, network create, network connect, network disconnect, volume update""": changes(
            "changes networks or volumes", HOST, True
        ),
        "network rm, network remove, network prune": changes("removes networks", HOST),
        "service create, service update, service scale, service rollback": changes(
            "changes a swarm service", SERVICE, True
        ),
        "service rm, service remove": changes("removes a service", SERVICE, False),
        "stack deploy, stack up": changes("changes a stack", "a stack of services"),
        "stack rm, stack remove, stack down": changes("removes a stack", "a stack of services", False),
        "node update, node promote, node demote": changes("changes a node's role", "one node", True),
        "node rm, node remove": changes("removes a node", "one node", False),
        "swarm init, swarm join, swarm leave, swarm update, swarm unlock": changes("changes the cluster", SWARM),
        "secret create, config create": changes("stores a value", SWARM, True),
        "secret rm, secret remove, config rm, config remove": changes("removes a value", SWARM, False),
        """plugin install, plugin enable, plugin disable, plugin rm, plugin remove, plugin create, plugin push,
    plugin set, plugin upgrade""": changes("changes plugins", HOST),
        """context create, context use, context rm, context remove, context update, context import, context export""": changes(
            "changes this person's contexts", "local configuration", True
        ),
        """trust sign, trust revoke, trust key generate, trust key load, trust signer add, trust signer remove""": changes(
            "changes what is trusted", "a registry"
        ),
        "login, logout": changes("changes stored credentials", "local configuration", True),
        """buildx create, buildx rm, buildx use, buildx stop, buildx install, buildx uninstall""": changes(
            "changes builders", HOST, True
        ),
        """compose up, compose start, compose stop, compose restart, compose pause, compose unpause, compose create,
    compose scale, compose build, compose pull, compose watch""": changes(
            "changes the services of a project", "the services of a project", True
        ),
        "compose down, compose rm, compose kill": changes(
            "removes or ends containers", "the services of a project", False
        ),
        "compose push, compose publish": changes("publishes images", "a registry", False),
        "compose cp": changes("copies files", "files in one container or on this machine"),
    },
)
BEFORE = names("""-c --context -D --debug -H --host -l --log-level --config --tls --tlscacert --tlscert --tlskey
    --tlsverify -f --file -p --project-name""")
TAKES = names("""-c --context -H --host -l --log-level --config --tlscacert --tlscert --tlskey -f --filter --format -n
    --last --tail --since --until -u --user -w --workdir -e --env --env-file --detach-keys --file -p
    --project-name --profile --project-directory --limit --index --name --type --platform --orchestrator""")
SWITCHES = names("""-D --debug --tls --tlsverify -a --all -q --quiet --no-trunc -s --size --follow -t --tty -i --interactive
    -d --detach --privileged --details --timestamps --no-stream --no-resolve -v --digests --latest --pretty
    -T --no-TTY --raw --human --official""")
HARMLESS_FIELDS = names("""State NetworkSettings Mounts Name Id Image RestartCount Created Platform Driver HostConfig.RestartPolicy
    HostConfig.Memory HostConfig.NanoCpus HostConfig.NetworkMode HostConfig.PortBindings LogPath Config.Image
    Config.Hostname Config.Labels Config.Healthcheck Config.ExposedPorts Config.User Config.WorkingDir
    RepoTags RepoDigests Size Architecture Os Status ID CreatedAt UpdatedAt Version""")
"""Fields of `docker inspect` in which no environment variable can stand."""
