"""Tools of a host that exist to change things: why, what, and whether it can be taken back.

Source: the tools' manual pages (GNU coreutils 9, util-linux 2.40, PostgreSQL 17, MySQL 8, MongoDB tools 100).
"""

from __future__ import annotations

from sre_advisor.commands.effect import Effect, changes
from sre_advisor.commands.tables import names

_FILES, _HOST, _NET, _DISKS, _DATA = (
    "files on one host",
    "one host",
    "the network of one host",
    "disks of one host",
    "data",
)
_GROUPS = (
    ("rm unlink shred srm wipe rmdir", "deletes files", _FILES, False),
    ("truncate dd", "overwrites files", _FILES, False),
    ("mkfs mkfs.ext4 mkfs.xfs mkswap wipefs sgdisk blkdiscard", "wipes or formats a disk", _DISKS, False),
    ("mv rename", "moves files, over others of that name", _FILES, None),
    ("cp install scp sftp rsync", "copies files, over others of that name", _FILES, None),
    ("ln mkdir touch mktemp mkfifo mknod", "makes files or directories", _FILES, None),
    ("chmod chown chgrp chattr setfacl setcap", "changes who may use files", _FILES, None),
    ("tee sponge split csplit", "writes its input to files", _FILES, None),
    ("patch ed ex vi vim nano emacs nvim pico dos2unix unix2dos", "edits files", _FILES, None),
    ("gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd", "packs or unpacks files, in place of the former", _FILES, None),
    ("zip unzip 7z cpio ar gpg gpg2", "writes or unpacks archives or encrypted files", _FILES, None),
    ("updatedb logrotate crontab", "rewrites files of the system", _FILES, None),
    ("reboot shutdown poweroff halt init telinit", "stops or restarts the host", _HOST, False),
    (
        """useradd userdel usermod groupadd groupdel groupmod passwd chpasswd adduser deluser chsh chfn gpasswd visudo
    vipw""",
        "changes accounts or their rights",
        "accounts of one host",
        None,
    ),
    (
        """umount swapon swapoff losetup parted fdisk cfdisk lvcreate lvextend lvremove lvreduce vgcreate vgextend
    pvcreate resize2fs xfs_growfs fsck e2fsck tune2fs mdadm cryptsetup fstrim""",
        "changes disks, volumes or what is mounted",
        _DISKS,
        None,
    ),
    ("modprobe insmod rmmod depmod", "changes the modules of the kernel", _HOST, None),
    ("setenforce setsebool restorecon chcon semanage", "changes what SELinux allows", _HOST, None),
    ("renice", "changes the priority of processes", _HOST, None),
    (
        """tc iptables-restore ip6tables-restore ufw firewall-cmd brctl dhclient nmcli ifup ifdown netplan wg wg-quick
    ipset""",
        "changes the network or its firewall",
        _NET,
        None,
    ),
    ("dropdb dropuser pg_resetwal initdb", "removes or overwrites a database or its users", _DATA, False),
    (
        "createdb createuser pg_restore pg_upgrade mysqlimport mongorestore mongoimport",
        "adds to a database, or replaces what it holds",
        _DATA,
        None,
    ),
    ("pg_ctl pg_rewind", "stops, starts or rewinds a database server", _DATA, None),
    (
        "vacuumdb reindexdb clusterdb mysqlcheck mysqladmin",
        "maintains or administers a database, which may hold it up",
        _DATA,
        None,
    ),
    ("mongodump mongoexport pg_basebackup", "writes a copy of the data to files", _DATA, None),
    ("stress stress-ng ab wrk hey vegeta k6 siege locust", "puts load on something", "the service under load", None),
    ("mail sendmail mutt mailx wall write", "sends a message", _HOST, None),
    ("at batch screen tmux script xdg-open open", "runs something, perhaps later", _HOST, None),
    ("pbcopy", "replaces what was copied", _HOST, True),
)
CHANGERS: dict[str, Effect] = {
    name: changes(f"{name}: {why}", blast, reversible)
    for words, why, blast, reversible in _GROUPS
    for name in names(words)
}
READING_WORDS = {"mysqladmin": names("status extended-status processlist ping version variables")}
"""Operands with which such a tool only prints, if there are no others."""
VALUED = {"mysqladmin": names("-h --host -P --port -u --user -S --socket --protocol --connect-timeout")}
"""Its options that take a value; other ones are not judged."""
READING_OPTIONS = {
    "tune2fs": names("-l"),
    "mdadm": names("--detail -D --examine -E --query -Q"),
    "parted": names("-l --list"),
    "fdisk": names("-l --list"),
}
"""Options of which one must be there, and no other may be, for the tool to only print."""
