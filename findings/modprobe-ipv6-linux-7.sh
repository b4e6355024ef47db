#!/bin/sh
# `modprobe ipv6` fails on Debian's Linux 7, where IPv6 is built in; on Linux 6.12, where it is built in as well, it
# succeeds. Scripts that prepare a director, and run under `set -e`, have that line.
#
# Versions: Debian's cloud kernels 6.12 (trixie) and 7.3.4 (trixie-backports), with the kmod of Debian 12.
# Expected: a feature that is built in is there, and modprobe has nothing to do: status 0, as for 6.12.
# Seen: "modprobe: FATAL: Module ipv6 not found", status 1. CONFIG_IPV6 is no longer tristate, so that modules.builtin,
# which modprobe asks, does not name it. `test -d /proc/sys/net/ipv6` tells whether it is there.
#
# Root is not needed. Status 0 while this stands.
set -eu
old=linux-image-6.12 new=linux-base-7.3.4+deb13-cloud-amd64

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/lists/partial" "$folder/cache/archives/partial" "$folder/deb"

# The archive that this machine takes bookworm from.
archive=$(apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Component: main' |
    awk '$2 == "bookworm" { print $1; exit }')
for suite in trixie trixie-backports; do
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $archive $suite main"
done >"$folder/sources.list"
apt() {
    program=$1
    shift
    "$program" -qq -o Dir::Etc::SourceList="$folder/sources.list" -o Dir::Etc::SourceParts=/nonexistent \
        -o Dir::State::Lists="$folder/lists" -o Dir::State::status=/dev/null -o Dir::Cache="$folder/cache" \
        -o APT::Sandbox::User=root -o Acquire::Languages=none "$@"
}
apt apt-get update
old=$(apt apt-cache pkgnames "$old" | grep -E '^linux-image-6\.12\.[0-9]+[^ ]*-cloud-amd64$' | sort -V | tail -n 1)
cd "$folder/deb" && apt apt-get download "$old" "$new"

# What modprobe answers about a kernel: its release and a status.
asked() { # PACKAGE RELEASE
    mkdir -p "$folder/$2"
    dpkg -x "$folder/deb/$1"_*.deb "$folder/$2"
    [ -d "$folder/$2/lib" ] || ln -s usr/lib "$folder/$2/lib"
    depmod -b "$folder/$2" "$2" 2>/dev/null || true
    status=0
    modprobe --dirname "$folder/$2" --set-version "$2" --dry-run ipv6 || status=$?
    echo "$2: modprobe ipv6 ends with status $status"
}
asked "$old" "${old#linux-image-}"
[ "$status" = 0 ]
asked "$new" "${new#linux-base-}"
[ "$status" != 0 ]
