#!/bin/sh
# Before Linux 7, /proc/net/ip_vs lacks services as soon as another network namespace has some, too, and the table is
# longer than one read of it (a page). `ipvsadm -Ln`, which asks over netlink, has them all: what counts or compares the
# lines of /proc, as monitoring scripts do, is wrong.
#
# Versions: Debian 12's user-mode-linux (Linux 6.1) and ipvsadm 1.31.
# Expected: a line for each service of this namespace, 250 of them, however many another namespace has.
# Seen: 250 lines while the other has none, and 164 once it has 250 of its own. Each read after
# the first starts at a position that counts the services of all namespaces (ip_vs_info_seq_next), but skips as many of
# this one (ip_vs_info_array); both in net/netfilter/ipvs/ip_vs_ctl.c.
#
# Root is needed within the kernel that is started; nothing on this machine changes. Status 0 while this stands.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder"
cd "$folder"
apt-get -qq -o APT::Sandbox::User=root download user-mode-linux ipvsadm libnl-3-200 libnl-genl-3-200 libpopt0
for package in *.deb; do dpkg -x "$package" "$folder/root"; done
mkdir -p root/lib
mv root/usr/lib/uml/modules root/lib/modules
depmod -b root "$(ls root/lib/modules)" 2>/dev/null

cat >init <<'SCRIPT'
#!/bin/sh
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t tmpfs tmpfs /run
modprobe -d "$folder/root" ip_vs
modprobe -d "$folder/root" ip_vs_rr
export LD_LIBRARY_PATH="$folder/root/usr/lib/x86_64-linux-gnu:$folder/root/lib/x86_64-linux-gnu"
ipvsadm=$folder/root/sbin/ipvsadm
rules() { seq 1 250 | sed "s|.*|-A -t $1.&:80 -s rr|"; }
shown() { echo "$1: netlink $("$ipvsadm" -Ln | grep -c '^TCP'), /proc $(grep -c '^TCP' /proc/net/ip_vs)" >>"$folder/shown"; }
rules 10.0.0 | "$ipvsadm" -R
shown alone
rules 10.0.1 | unshare --net sh -c '"$0" -R; echo >"$1/ready"; exec sleep 1000' "$ipvsadm" "$folder" &
while [ ! -e "$folder/ready" ]; do sleep 1; done
shown beside
echo o >/proc/sysrq-trigger
SCRIPT
sed -i "s|\$folder|$folder|g" init
chmod 755 init
"$folder/root/usr/bin/linux.uml" mem=256M root=/dev/root rootfstype=hostfs rootflags=/ rw devtmpfs.mount=1 \
    uml_dir="$folder/" init="$folder/init" con=null ssl=null con0=null,fd:2 quiet >console 2>&1 || true
cat shown
[ "$(sed -n 1p shown)" = 'alone: netlink 250, /proc 250' ]
lines=$(sed -n 's|^beside: netlink 250, /proc ||p' shown)
[ "$lines" -lt 250 ]
