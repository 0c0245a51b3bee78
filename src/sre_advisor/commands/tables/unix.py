"""The usual Unix tools: which only print, which options of theirs write or run something, which change things.

Sources: GNU coreutils, grep, tar, procps, util-linux, iproute2 and net-tools manuals (https://man7.org/linux/man-pages/), and the
manual pages of FreeBSD and macOS for options of the same name.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tool:
    """A reading tool: `bad` are options that make it write or run, `takes` its short options with a value.

    `files` says that its operands are files whose contents it prints, `most` how many operands it may have.
    """

    bad: str = ""
    takes: str = ""
    files: bool = False
    most: int | None = None
    search: bool = False


READERS = {
    "cat": Tool(files=True), "tac": Tool(files=True), "nl": Tool(files=True), "head": Tool(files=True, takes="nc"), "tail": Tool(files=True, takes="ncs"),
    "wc": Tool(), "cut": Tool(files=True, takes="bcdf"), "tr": Tool(), "rev": Tool(files=True), "fold": Tool(files=True), "fmt": Tool(files=True), "column": Tool(files=True, takes="cstoNRdHOnW"),
    "expand": Tool(files=True), "unexpand": Tool(files=True), "paste": Tool(files=True), "join": Tool(files=True), "comm": Tool(files=True), "pr": Tool(files=True), "tsort": Tool(files=True),
    "uniq": Tool(files=True, takes="fsw", most=1), "sort": Tool(bad="-o --output --compress-program -T --temporary-directory --files0-from", takes="kStTo", files=True),
    "grep": Tool(files=True, search=True, takes="efmABCdD"), "egrep": Tool(files=True, search=True, takes="efmABCdD"), "fgrep": Tool(files=True, search=True, takes="efmABCdD"),
    "zgrep": Tool(files=True, search=True, takes="efmABCdD"), "rg": Tool(bad="--pre --hostname-bin -z --search-zip", takes="efmABCgtTjMrE", files=True, search=True), "ag": Tool(bad="--pager", takes="ABCGm", files=True, search=True), "ack": Tool(bad="--pager --output", takes="ABCm", files=True, search=True),
    "zcat": Tool(files=True), "bzcat": Tool(files=True), "xzcat": Tool(files=True), "zstdcat": Tool(files=True), "zless": Tool(files=True), "zmore": Tool(files=True), "gzcat": Tool(files=True),
    "less": Tool(bad="-o -O --log-file --LOG-FILE -k --lesskey-file --lesskey-src --lesskey-content -T --tag-file +", takes="bhjkoOpPtTxyzD#", files=True), "more": Tool(bad="+", files=True),
    "bat": Tool(bad="--pager --config-file --generate-config-file cache", takes="lmHpr", files=True), "strings": Tool(files=True, takes="nteT"), "od": Tool(files=True, takes="AjNStw"), "hexdump": Tool(files=True, takes="efns"),
    "base64": Tool(files=True, bad="-o --output", takes="wbo"), "base32": Tool(files=True), "md5sum": Tool(), "sha1sum": Tool(), "sha224sum": Tool(), "sha256sum": Tool(), "sha384sum": Tool(), "sha512sum": Tool(), "shasum": Tool(), "b2sum": Tool(), "cksum": Tool(), "sum": Tool(), "md5": Tool(),
    "diff": Tool(files=True, bad="--output", takes="CUFIxXSW"), "cmp": Tool(files=True), "diff3": Tool(files=True, bad="--diff-program"), "sdiff": Tool(files=True, bad="-o --output --diff-program"), "colordiff": Tool(files=True), "icdiff": Tool(files=True),
    "ls": Tool(takes="IwT"), "ll": Tool(), "dir": Tool(), "vdir": Tool(), "tree": Tool(bad="-o -R", takes="LPIo"), "exa": Tool(), "eza": Tool(), "stat": Tool(takes="cft"), "file": Tool(bad="-C --compile -z -Z", takes="emFfP"), "readlink": Tool(), "realpath": Tool(), "namei": Tool(),
    "du": Tool(takes="dBtX"), "df": Tool(takes="Btx"), "lsblk": Tool(takes="eIox"), "findmnt": Tool(takes="dfMNOoSTtw"), "blkid": Tool(bad="-g -c -w", takes="cLlostUnuw"), "lsattr": Tool(), "getfacl": Tool(), "getcap": Tool(), "quota": Tool(),
    "ps": Tool(), "pgrep": Tool(takes="dFgGPstuU"), "pidof": Tool(takes="oS"), "pstree": Tool(takes="HNpT"), "top": Tool(takes="dnopuUwE"), "htop": Tool(takes="dpsu"), "atop": Tool(bad="-w", takes="wrbePL"), "uptime": Tool(), "w": Tool(), "who": Tool(), "whoami": Tool(most=0), "users": Tool(), "id": Tool(), "groups": Tool(), "last": Tool(takes="fnpst"), "lastb": Tool(takes="fnpst"), "lastlog": Tool(bad="-C -S --clear --set", takes="btu"), "finger": Tool(), "free": Tool(takes="sc"),
    "vmstat": Tool(), "iostat": Tool(takes="gjp"), "mpstat": Tool(takes="PIN"), "pidstat": Tool(bad="-e", takes="CeGpTUt"), "sar": Tool(bad="-o", takes="efimnoPsI"), "nproc": Tool(), "lscpu": Tool(takes="s"), "lsmem": Tool(takes="os"), "lspci": Tool(takes="dsiA", bad="-O -q -Q"), "lsusb": Tool(takes="dsD"), "lsmod": Tool(most=0), "modinfo": Tool(takes="Fkb"), "lsof": Tool(bad="-D", takes="acdDgiklmopSTuxrF"), "fuser": Tool(bad="-k --kill -i", takes="nN"), "lsns": Tool(takes="opt"), "lsipc": Tool(), "ipcs": Tool(takes="i"), "lslocks": Tool(takes="op"), "lslogins": Tool(takes="glo"), "lshw": Tool(bad="-X -dump", takes="cC"), "dmidecode": Tool(bad="--dump-bin", takes="dst"), "numastat": Tool(), "slabtop": Tool(takes="ds"), "pmap": Tool(), "dstat": Tool(bad="--output"), "iotop": Tool(takes="ndpu"), "nvidia-smi": Tool(bad="-r -pm -pl -c -e -p -ac -rac --gpu-reset -f --filename -am -lgc -rgc -mig -cgi -dgi -cci -dci -gom -acp mig daemon replay drain nvlink clocks vgpu boost-slider power-hint"),
    "uname": Tool(), "arch": Tool(), "hostid": Tool(), "lsb_release": Tool(), "getconf": Tool(), "locale": Tool(), "cal": Tool(), "which": Tool(), "whereis": Tool(takes="BMS"), "whatis": Tool(), "apropos": Tool(), "man": Tool(bad="-P --pager -H --html -X --gxditview -C --config-file -l --local-file", takes="PCHLmMrRSsep"), "locate": Tool(), "mountpoint": Tool(), "getent": Tool(), "tty": Tool(),
    "ss": Tool(bad="-K --kill -D --diag -F --filter", takes="fADFN"), "netstat": Tool(takes="ApnIfw"), "ping": Tool(bad="-f", takes="cCDIilmMnOpQsStTWwgGFEeB"), "ping6": Tool(bad="-f", takes="cIilmMpQsStTWw"), "traceroute": Tool(takes="fgimpqrstwzN"), "traceroute6": Tool(takes="fgimpqrstwz"), "tracepath": Tool(takes="lmp"), "mtr": Tool(takes="aBcfFiImNoPQsSUYZ", bad="-F"), "dig": Tool(bad="-f -k", takes="bcfkpqtxy"), "nslookup": Tool(), "host": Tool(takes="ctNRWmp"), "drill": Tool(bad="-w -q -f", takes="bcdDfikoOpqwy"), "whois": Tool(takes="hp"), "arping": Tool(takes="cIsw"), "fping": Tool(takes="bBcCHiIpQrStT"), "nc": Tool(), "geoiplookup": Tool(), "mtrace": Tool(),
    "xxd": Tool(bad="-r -revert", takes="cglosnR", files=True, most=1), "lsinitramfs": Tool(), "readelf": Tool(files=True), "nm": Tool(), "size": Tool(), "pstack": Tool(), "gstack": Tool(), "jps": Tool(), "jstack": Tool(), "jstat": Tool(), "smartctl": Tool(bad="-s --smart -t --test -o --offlineauto -S --saveauto -X --abort -C --captive --set", takes="dTbrqnsolStFfP"),
    "sensors": Tool(bad="-s --set"), "sestatus": Tool(), "getenforce": Tool(), "aa-status": Tool(), "chage": Tool(bad="-d -E -I -m -M -W"), "runlevel": Tool(), "pvs": Tool(), "vgs": Tool(), "lvs": Tool(), "pvdisplay": Tool(), "vgdisplay": Tool(), "lvdisplay": Tool(), "zdump": Tool(), "logname": Tool(), "ncdu": Tool(bad="-o -O -f"), "cgget": Tool(), "chronyc": Tool(),
    "haproxy": Tool(), "nginx": Tool(), "apachectl": Tool(), "named-checkconf": Tool(), "named-checkzone": Tool(bad="-o -w -W -D"), "postconf": Tool(bad="-e -X -#"), "mailq": Tool(), "postqueue": Tool(bad="-f -i -s"), "exiqgrep": Tool(), "conntrack": Tool(bad="-D -F -I -U -A --delete --flush --create --update"), "ethtool": Tool(), "nstat": Tool(), "ifstat": Tool(), "iftop": Tool(), "nethogs": Tool(), "arp": Tool(bad="-s -d -f --set --delete --file"), "httpstat": Tool(), "pt-query-digest": Tool(bad="--review --history --execute --filter", files=True), "zpool": Tool(), "zfs": Tool(), "openssl": Tool(), "keytool": Tool(),
}  # fmt: skip

STRICT = {
    "nc": {"-z", "-v", "-vz", "-zv", "-w", "-zvw", "-u", "-zvu", "-n", "-nzv", "-zvn", "-w1", "-w2", "-w3", "-w5", "-zvw1", "-zvw2", "-zvw3", "-zvw5", "-4", "-6", "-h"},
    "nginx": {"-t", "-T", "-v", "-V", "-q", "-h"}, "haproxy": {"-c", "-v", "-vv", "-f"}, "apachectl": {"-t", "-S", "-v", "-V", "-M", "configtest", "status", "fullstatus"},
    "ethtool": {"-i", "-S", "-k", "-a", "-g", "-c", "-l", "-T", "-P", "-m", "--driver", "--statistics", "--show-features", "--show-ring"},
    "zpool": {"status", "list", "iostat", "get", "history", "-v", "-x", "-H", "-p", "-o"}, "zfs": {"list", "get", "-H", "-p", "-t", "-o", "-r"},
    "chronyc": {"tracking", "sources", "sourcestats", "activity", "ntpdata", "serverstats", "-n", "-v", "rtcdata"},
    "keytool": {"-list", "-printcert", "-keystore", "-alias", "-v", "-file", "-sslserver", "-storetype"},
    "finger": {"-s", "-l"}, "mailq": set(),
}  # fmt: skip
"""Tools that change things with other words: every option, and the first operand where it is a verb, must be among these."""
_FILES, _HOST, _NET = "files on one host", "one host", "the network of one host"
CHANGERS: dict[str, tuple[str, bool | None]] = {
    **dict.fromkeys("rm unlink shred srm wipe rmdir truncate dd mkfs mkfs.ext4 mkfs.xfs mkswap wipefs sgdisk".split(), (_FILES, False)),
    **dict.fromkeys("mv cp install ln mkdir touch mktemp mkfifo mknod chmod chown chgrp chattr setfacl setcap rename rsync scp sftp tee split csplit patch ed ex vi vim nano emacs nvim pico gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd zip unzip 7z cpio ar gpg gpg2 sponge dos2unix unix2dos updatedb logrotate crontab".split(), (_FILES, None)),
    **dict.fromkeys("reboot shutdown poweroff halt init telinit".split(), (_HOST, False)),
    **dict.fromkeys("useradd userdel usermod groupadd groupdel groupmod passwd chpasswd adduser deluser chsh chfn gpasswd visudo vipw".split(), ("accounts of one host", None)),
    **dict.fromkeys("umount swapon swapoff losetup parted fdisk cfdisk lvcreate lvextend lvremove lvreduce vgcreate vgextend pvcreate resize2fs xfs_growfs fsck e2fsck tune2fs mdadm cryptsetup fstrim blkdiscard".split(), ("disks of one host", None)),
    **dict.fromkeys("modprobe insmod rmmod depmod setenforce setsebool restorecon chcon semanage renice".split(), (_HOST, None)),
    **dict.fromkeys("tc iptables-restore ip6tables-restore ufw firewall-cmd brctl dhclient nmcli ifup ifdown netplan wg wg-quick ipset".split(), (_NET, None)),
    **dict.fromkeys("createdb dropdb createuser dropuser pg_restore pg_ctl initdb pg_upgrade vacuumdb reindexdb clusterdb mysqladmin mysqlimport mongorestore mongoimport mongodump mongoexport pg_basebackup pg_resetwal pg_rewind mysqlcheck".split(), ("data", None)),
    **dict.fromkeys("stress stress-ng ab wrk hey vegeta k6 siege locust".split(), ("the service under load", None)),
    **dict.fromkeys("mail sendmail mutt mailx wall write at batch screen tmux script xdg-open open pbcopy".split(), (_HOST, None)),
}
