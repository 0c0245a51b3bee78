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
    "stores": (
        "kafka-acls kafka-acls.sh kafka-broker-api-versions kafka-broker-api-versions.sh kafka-configs "
        "kafka-configs.sh kafka-consumer-groups kafka-consumer-groups.sh kafka-get-offsets "
        "kafka-get-offsets.sh kafka-log-dirs kafka-log-dirs.sh kafka-metadata-quorum "
        "kafka-metadata-quorum.sh kafka-reassign-partitions kafka-reassign-partitions.sh kafka-topics "
        "kafka-topics.sh mongo mongosh redis-cli valkey-cli"
    ),
    "http": ("curl http https wget"),
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
        "ash bash builtin busybox caffeinate chronic chroot chrt command coproc dash doas eatmydata env "
        "eval exec gtimeout gxargs ionice ksh linux64 nice nocorrect noglob nohup nsenter numactl "
        "parallel proxychains proxychains4 runuser setarch setpriv setsid sh ssh stdbuf su sudo "
        "systemd-inhibit taskset time timeout toybox unbuffer watch xargs zsh"
    ),
    "network": ("ifconfig ip ip6tables ip6tables-save iptables iptables-save nft route tcpdump"),
    "packages": ("apk apt apt-cache apt-get brew dnf dpkg dpkg-query pip pip3 rpm snap yum"),
    "unix": (
        "7z Rscript aa-status ab ack adduser ag ansible ansible-playbook apachectl apropos ar arch arp "
        "arping at atop b2sum base32 base64 bat batch blkdiscard blkid bpftrace brctl bsdtar bun bunzip2 "
        "bzcat bzip2 cal cargo cat cc cfdisk cgget chage chattr chcon chfn chgrp chmod chown chpasswd "
        "chronyc chsh cksum clusterdb cmp colordiff column comm conntrack cp cpio createdb createuser "
        "crontab cryptsetup csplit cut date dd deluser deno depmod df dhclient diff diff3 dig dir dmesg "
        "dmidecode dos2unix dotnet drill dropdb dropuser dstat du e2fsck ed egrep emacs ethtool ex exa "
        "exiqgrep expand expect eza fdisk fgrep file findmnt finger firewall-cmd fmt fold fping free fsck "
        "fstrim fuser gcc gdb geoiplookup getcap getconf getenforce getent getfacl go gpasswd gpg gpg2 "
        "gradle grep groovy groupadd groupdel groupmod groups gstack gtar gunzip gzcat gzip halt haproxy "
        "head hexdump hey host hostid hostname htop httpstat icdiff id ifdown ifstat iftop ifup init "
        "initdb insmod install iostat iotop ip6tables-restore ipcs ipset iptables-restore java join jps "
        "jstack jstat julia k6 keytool last lastb lastlog less ll ln locale locate locust logrotate "
        "losetup ls lsattr lsb_release lsblk lscpu lshw lsinitramfs lsipc lslocks lslogins lsmem lsmod "
        "lsns lsof lspci lsusb ltrace lua lvcreate lvdisplay lvextend lvreduce lvremove lvs mail mailq "
        "mailx make man md5 md5sum mdadm mkdir mkfifo mkfs mkfs.ext4 mkfs.xfs mknod mkswap mktemp modinfo "
        "modprobe mongodump mongoexport mongoimport mongorestore more mount mountpoint mpstat mtr mtrace "
        "mutt mv mvn mysqladmin mysqlcheck mysqlimport named-checkconf named-checkzone namei nano nc ncdu "
        "nethogs netplan netstat nginx nl nm nmcli node nodejs npm nproc npx nslookup nstat numastat "
        "nvidia-smi nvim od open openssl osascript parted passwd paste patch pbcopy perf perl "
        "pg_basebackup pg_ctl pg_resetwal pg_restore pg_rewind pg_upgrade pgrep php pico pidof pidstat "
        "ping ping6 pmap pnpm postconf postqueue poweroff powershell pr ps pstack pstree pt-query-digest "
        "pvcreate pvdisplay pvs pwsh python python2 python3 quota readelf readlink realpath reboot "
        "reindexdb rename renice resize2fs restorecon rev rg rm rmdir rmmod rsync ruby runlevel rustc sar "
        "scala scp screen script sdiff semanage sendmail sensors sestatus setcap setenforce setfacl "
        "setsebool sftp sgdisk sha1sum sha224sum sha256sum sha384sum sha512sum shasum shred shutdown "
        "siege size slabtop smartctl sort split sponge srm ss stat strace stress stress-ng strings sum "
        "swapoff swapon swift sysctl tac tail tar tc tclsh tee telinit tmux top touch tr tracepath "
        "traceroute traceroute6 tree truncate tsort tune2fs ufw umount uname unexpand uniq unix2dos "
        "unlink unxz unzip unzstd updatedb uptime useradd userdel usermod users vacuumdb vdir vegeta "
        "vgcreate vgdisplay vgextend vgs vi vim vipw visudo vmstat w wall wc wg wg-quick whatis whereis "
        "which who whoami whois wipe wipefs write wrk xdg-open xfs_growfs xxd xz xzcat yarn zcat zdump "
        "zfs zgrep zip zless zmore zpool zstd zstdcat"
    ),
}
FAMILY_OF = {name: family for family, names in _NAMES.items() for name in names.split()}
