"""Which family judges which program, so that only the families that are met need be loaded; a test keeps it true."""

from __future__ import annotations

_NAMES = {
    "kubectl": ("kubectl oc"),
    "helm": ("helm"),
    "docker": ("crictl docker docker-compose nerdctl podman"),
    "git": ("git"),
    "forges": ("gh glab"),
    "terraform": ("terraform terragrunt tofu"),
    "aws": ("aws"),
    "clouds": ("az gcloud gsutil"),
    "argocd": (
        "argocd cilium consul doctl eksctl etcdctl flux hubble istioctl kind kubeadm kubetail linkerd "
        "minikube nomad pulumi rabbitmq-diagnostics rabbitmqctl stern vault velero"
    ),
    "systemd": (
        "bootctl busctl coredumpctl hostnamectl journalctl localectl loginctl machinectl networkctl "
        "resolvectl service systemctl systemd-analyze systemd-cgls systemd-cgtop systemd-path timedatectl"
    ),
    "sql": ("mariadb mariadb-dump mysql mysqldump pg_dump pg_dumpall pg_isready psql sqlite3"),
    "redis": ("redis-cli valkey-cli"),
    "mongo": ("mongo mongosh"),
    "kafka": (
        "kafka-acls kafka-acls.sh kafka-broker-api-versions kafka-broker-api-versions.sh kafka-configs "
        "kafka-configs.sh kafka-consumer-groups kafka-consumer-groups.sh kafka-get-offsets "
        "kafka-get-offsets.sh kafka-log-dirs kafka-log-dirs.sh kafka-metadata-quorum "
        "kafka-metadata-quorum.sh kafka-reassign-partitions kafka-reassign-partitions.sh kafka-topics "
        "kafka-topics.sh"
    ),
    "curl": ("curl"),
    "http": ("http https wget"),
    "observability": ("amtool logcli mimirtool promtool tempo-cli"),
    "find": ("fd fdfind find"),
    "text": ("awk gawk gojq gsed jq mawk sed yq"),
    "shell": (
        ". : [ [[ alias basename bg bind break cd clear complete compopt continue declare dirname dirs "
        "disown echo enable exit export expr factor false fc fg getopts hash history jobs kill killall "
        "let local logname logout mapfile numfmt pkill popd printenv printf pushd pwd read readarray "
        "readonly return seq set shift shopt skill sleep source suspend test times tput trap true tty "
        "type typeset ulimit umask unalias unset wait yes"
    ),
    "wrappers": (
        "builtin busybox caffeinate chronic chroot chrt command coproc doas eatmydata env exec gtimeout "
        "ionice linux64 nice nocorrect noglob nohup nsenter numactl proxychains proxychains4 setarch "
        "setpriv setsid stdbuf sudo systemd-inhibit taskset time timeout toybox unbuffer"
    ),
    "shell_text": ("ash bash dash eval ksh runuser sh ssh su watch zsh"),
    "for_each": ("gxargs parallel xargs"),
    "network": ("ifconfig ip ip6tables ip6tables-save iptables iptables-save nft route tcpdump"),
    "packages": ("apk apt apt-cache apt-get brew dnf dpkg dpkg-query pip pip3 rpm snap yum"),
    "interpreters": (
        "Rscript ansible ansible-playbook bpftrace bun cargo cc deno dotnet expect gcc gdb go gradle "
        "groovy java julia ltrace lua make mvn node nodejs npm npx osascript perf perl php pnpm "
        "powershell pwsh python python2 python3 ruby rustc scala strace swift tclsh yarn"
    ),
    "host": ("crontab date dmesg hostname mount sysctl"),
    "archives": ("bsdtar bunzip2 bzip2 gtar gunzip gzip tar unxz unzip xz zstd"),
    "openssl": ("openssl"),
    "changers": (
        "7z ab adduser ar at batch blkdiscard brctl cfdisk chattr chcon chfn chgrp chmod chown chpasswd "
        "chsh clusterdb cp cpio createdb createuser cryptsetup csplit dd deluser depmod dhclient dos2unix "
        "dropdb dropuser e2fsck ed emacs ex fdisk firewall-cmd fsck fstrim gpasswd gpg gpg2 groupadd "
        "groupdel groupmod halt hey ifdown ifup init initdb insmod install ip6tables-restore ipset "
        "iptables-restore k6 ln locust logrotate losetup lvcreate lvextend lvreduce lvremove mail mailx "
        "mdadm mkdir mkfifo mkfs mkfs.ext4 mkfs.xfs mknod mkswap mktemp modprobe mongodump mongoexport "
        "mongoimport mongorestore mutt mv mysqladmin mysqlcheck mysqlimport nano netplan nmcli nvim open "
        "parted passwd patch pbcopy pg_basebackup pg_ctl pg_resetwal pg_restore pg_rewind pg_upgrade pico "
        "poweroff pvcreate reboot reindexdb rename renice resize2fs restorecon rm rmdir rmmod rsync scp "
        "screen script semanage sendmail setcap setenforce setfacl setsebool sftp sgdisk shred shutdown "
        "siege split sponge srm stress stress-ng swapoff swapon tc tee telinit tmux touch truncate "
        "tune2fs ufw umount unix2dos unlink unzstd updatedb useradd userdel usermod vacuumdb vegeta "
        "vgcreate vgextend vi vim vipw visudo wall wg wg-quick wipe wipefs write wrk xdg-open xfs_growfs "
        "zip"
    ),
    "readers": (
        "aa-status ack ag apachectl apropos arch arp arping atop b2sum base32 base64 bat blkid bzcat cal "
        "cat cgget chage chronyc cksum cmp colordiff column comm conntrack cut df diff diff3 dig dir "
        "dmidecode drill dstat du egrep ethtool exa exiqgrep expand eza fgrep file findmnt finger fmt "
        "fold fping free fuser geoiplookup getcap getconf getenforce getent getfacl grep groups gstack "
        "gzcat haproxy head hexdump host hostid htop httpstat icdiff id ifstat iftop iostat iotop ipcs "
        "join jps jstack jstat keytool last lastb lastlog less ll locale locate ls lsattr lsb_release "
        "lsblk lscpu lshw lsinitramfs lsipc lslocks lslogins lsmem lsmod lsns lsof lspci lsusb lvdisplay "
        "lvs mailq man md5 md5sum modinfo more mountpoint mpstat mtr mtrace named-checkconf "
        "named-checkzone namei nc ncdu nethogs netstat nginx nl nm nproc nslookup nstat numastat nvidia-smi od "
        "paste pgrep pidof pidstat ping ping6 pmap postconf postqueue pr ps pstack pstree pt-query-digest "
        "pvdisplay pvs quota readelf readlink realpath rev rg runlevel sar sdiff sensors sestatus sha1sum "
        "sha224sum sha256sum sha384sum sha512sum shasum size slabtop smartctl sort ss stat strings sum "
        "tac tail top tr tracepath traceroute traceroute6 tree tsort uname unexpand uniq uptime users "
        "vdir vgdisplay vgs vmstat w wc whatis whereis which who whoami whois xxd xzcat zcat zdump zfs "
        "zgrep zless zmore zpool zstdcat"
    ),
}
FAMILY_OF = {name: family for family, names in _NAMES.items() for name in names.split()}
