# hosts.sh - hosts of a fleet for a test: each is a systemd of its own in a Debian root (an overlay over one that is kept), in a network
# namespace of tests/netns/bed.sh, with an sshd that nobody else can reach. Sourced after lib.sh and bed.sh, in a mount namespace that
# belongs to the test alone: its mounts, keys and hosts are gone with it.
#
#     fleet_prepare ROOT          # keys, the layers' place
#     fleet_boot hub spoke1...    # boots hosts of the bed, waits for their sshd
#     fleet_kill HOST             # as a power cut; fleet_boot boots it again
fleet_dir=$work/fleet
fleet_group=longhaul-fleet.$$
fleet_base=

fleet_prepare() {
    fleet_base=$1
    mkdir -p "$fleet_dir"
    mount -t tmpfs -o mode=755 tmpfs "$fleet_dir" || return 1
    mkdir "$fleet_dir/layers"
    ssh-keygen -q -t ed25519 -N '' -C fleet -f "$fleet_dir/key" && ssh-keygen -q -t ed25519 -N '' -C host -f "$fleet_dir/host_key"
}

# fleet_mount HOST: its root, once
fleet_mount() {
    fleet_root=$fleet_dir/layers/$1
    [ ! -e "$fleet_root/root" ] || return 0
    mkdir -p "$fleet_root/upper" "$fleet_root/work" "$fleet_root/root"
    mount -t overlay overlay -o "lowerdir=$fleet_base,upperdir=$fleet_root/upper,workdir=$fleet_root/work" "$fleet_root/root" || return 1
    fleet_root=$fleet_root/root
    rm -f "$fleet_root"/etc/ssh/ssh_host_* "$fleet_root/etc/machine-id"
    install -m 600 "$fleet_dir/host_key" "$fleet_root/etc/ssh/ssh_host_ed25519_key"
    install -D -m 600 "$fleet_dir/key.pub" "$fleet_root/root/.ssh/authorized_keys"
    # Nobody answers questions about names: sudo has one about the host's own.
    printf '127.0.0.1 localhost %s\n' "$fleet_group.$1" >"$fleet_root/etc/hosts"
    : >"$fleet_root/etc/resolv.conf"
    # And an ordinary user, who may become root.
    chroot "$fleet_root" useradd --create-home --password '*' op || return 1
    printf 'op ALL=(ALL) NOPASSWD: ALL\n' >"$fleet_root/etc/sudoers.d/op"
    install -D -m 644 "$fleet_dir/key.pub" "$fleet_root/home/op/.ssh/authorized_keys"
    printf 'PasswordAuthentication no\nUsePAM no\nUseDNS no\nMaxStartups 100:30:200\n' >"$fleet_root/etc/ssh/sshd_config.d/fleet.conf"
    mkdir -p "$fleet_root/var/log/journal" "$fleet_root/etc/systemd/system"
    for fleet_unit in apt-daily.timer apt-daily-upgrade.timer systemd-timesyncd.service systemd-resolved.service getty.target \
        console-getty.service systemd-logind.service systemd-networkd.service systemd-networkd-wait-online.service; do
        ln -sf /dev/null "$fleet_root/etc/systemd/system/$fleet_unit"
    done
}

fleet_start() {
    fleet_mount "$1" || return 1
    BOOT_GROUP=$fleet_group.$1 BOOT_NET='' bed_start "$1" tests/systemd/boot "$fleet_dir/layers/$1/root" 2>/dev/null
    eval "fleet_pid_$1=$!"
}

fleet_ssh() { # HOST COMMAND...
    fleet_host=$1; shift
    bed_in router ssh -n -i "$fleet_dir/key" -o BatchMode=yes -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR \
        -o ConnectTimeout=5 "root@$(bed_address "$fleet_host")" "$@"
}

fleet_is_up() { fleet_ssh "$1" true >/dev/null 2>&1; }

fleet_boot() {
    for fleet_each in "$@"; do fleet_start "$fleet_each" || return 1; done
    for fleet_each in "$@"; do until_ok 60 fleet_is_up "$fleet_each" || return 1; done
}

fleet_kill() {
    eval "fleet_outer=\$fleet_pid_$1"
    bed_kill "$fleet_outer"
    fleet_sweep "$fleet_group.$1"
}

# The groups of a host are empty a moment after its last process is gone.
fleet_sweep() {
    fleet_tries=0
    while [ -n "$(find /sys/fs/cgroup -depth -type d -name "$1*" 2>/dev/null)" ] && [ $fleet_tries -lt 50 ]; do
        find /sys/fs/cgroup -depth -type d -path "*/$1*" -exec rmdir {} + 2>/dev/null
        fleet_tries=$((fleet_tries + 1)); sleep 0.1
    done
}

# fleet_close: ends all hosts; the keys and what the hosts wrote are gone.
fleet_close() {
    bed_close
    fleet_sweep "$fleet_group"
    umount -l "$fleet_dir"/layers/*/root 2>/dev/null
    umount -l "$fleet_dir" 2>/dev/null
    :
}
