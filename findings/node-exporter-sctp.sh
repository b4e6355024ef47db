#!/bin/sh
# prometheus-node-exporter 1.5.0 (Debian 12) and the SCTP services of IPVS.
#
# It reads /proc/net/ip_vs, and has a metric for each real server with the
# address of its virtual service. One would expect the real servers of an SCTP
# service under that service's address and protocol. Seen: its line is passed
# over, so that its real servers are counted for the service before it, here a
# TCP service of another address. The input is a file such as Linux writes;
# --path.procfs makes the exporter read it.
#
# Status 0 while that is so, 1 when it is not, 2 when it could not be tried.
set -u
version=1.5.0-1+b6
work=$(mktemp -d) || exit 2
exporter=
trap '[ -z "$exporter" ] || kill "$exporter" 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 2
apt-get -qq download "prometheus-node-exporter=$version" || exit 2
dpkg -x prometheus-node-exporter_*.deb package || exit 2
mkdir -p proc/net
cat >proc/net/ip_vs <<'TABLE'
IP Virtual Server version 1.2.1 (size=4096)
Prot LocalAddress:Port Scheduler Flags
  -> RemoteAddress:Port Forward Weight ActiveConn InActConn
TCP  0A000001:0050 rr
  -> 0A000101:0050      Masq    1      11         0
SCTP 0A000002:0F00 rr
  -> 0A000102:0F00      Masq    1      22         0
TABLE
cat >proc/net/ip_vs_stats <<'STATS'
   Total Incoming Outgoing         Incoming         Outgoing
   Conns  Packets  Packets            Bytes            Bytes
       0        0        0                0                0

 Conns/s   Pkts/s   Pkts/s          Bytes/s          Bytes/s
       0        0        0                0                0
STATS
socket=127.0.0.1:19100
package/usr/bin/prometheus-node-exporter --collector.disable-defaults --collector.ipvs --path.procfs="$work/proc" \
	--web.listen-address=$socket 2>log &
exporter=$!
metrics=
for second in 1 2 3 4 5 6 7 8 9 10; do
	sleep 1
	metrics=$(curl -sf --max-time 5 http://$socket/metrics | grep '^node_ipvs_backend_connections_active') && break
done
[ -n "$metrics" ] || { cat log >&2; exit 2; }
echo "$metrics"
case $metrics in
*'local_address="10.0.0.1",local_mark="",local_port="80",proto="TCP",remote_address="10.0.1.2",remote_port="3840"} 22'*) exit 0 ;;
esac
exit 1
