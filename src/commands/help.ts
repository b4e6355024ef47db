import { DEFAULT_SCHEDULER } from "../command-line/intent-of";
import { STATUS } from "../command-line/failure";
import type { World } from "../world";
import { VERSION } from "./version";

const text = (program: string): string => `${VERSION}
Administers the Linux Virtual Server, the load balancer in the kernel.

Usage:
  ${program}                                   the whole table, as -L
  ${program} -A|-E SERVICE [-s SCHEDULER] [-b FLAGS] [-p [SECONDS]] [-M MASK] [--pe ENGINE] [-o]
  ${program} -D SERVICE
  ${program} -a|-e SERVICE -r SERVER [-g|-i|-m] [-w WEIGHT] [-x UPPER] [-y LOWER] [TUNNEL]
  ${program} -d SERVICE -r SERVER
  ${program} -L|-l [SERVICE] [-n] [-X] [--nosort]
                 [--stats|--rate|--thresholds|--persistent-conn|--tun-info]
  ${program} -L -c [-n] [--persistent-conn] | -L --timeout | -L --daemon
  ${program} -Z [SERVICE]
  ${program} -C
  ${program} -S [-n] > FILE
  ${program} -R < FILE
  ${program} --set TCP TCPFIN UDP
  ${program} --start-daemon master|backup [DAEMON]
  ${program} --stop-daemon master|backup [--syncid NUMBER]
  ${program} -h | -v

The command comes first; the options follow in any order.

Commands:
  -A, --add-service             add a virtual service
  -E, --edit-service            change how a service schedules and persists
  -D, --delete-service          remove a service and its servers
  -C, --clear                   remove every service
  -a, --add-server              add a real server to a service
  -e, --edit-server             change a real server
  -d, --delete-server           remove a real server
  -L, -l, --list                list services, connections, timeouts or daemons
  -Z, --zero                    set the counters of one service, or all, to zero
  -S, --save                    write the table as rules to standard output
  -R, --restore                 carry out the rules on standard input
      --set TCP TCPFIN UDP      set how long idle connections are kept, in
                                seconds; 0 leaves a value as it is
      --start-daemon ROLE       start the connection synchronisation daemon
      --stop-daemon ROLE        stop it; ROLE is master or backup
  -h, --help                    show this text
  -v, --version                 show the version

SERVICE, one of:
  -t, --tcp-service HOST:PORT
  -u, --udp-service HOST:PORT
      --sctp-service HOST:PORT  HOST is a name, an IPv4 address, or an IPv6
                                address in brackets; PORT may be left out (and
                                the brackets with it) where -p is given: any port
  -f, --fwmark-service MARK     packets that the firewall marked with MARK
  -6, --ipv6                    after -f: the mark's packets are IPv6

Of a service:
  -s, --scheduler NAME          rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh
                                twos; ${DEFAULT_SCHEDULER} where none is named
  -b, --sched-flags LIST        sh-fallback,sh-port or mh-fallback,mh-port; for
                                other schedulers flag-1,flag-2,flag-3
  -p, --persistent [SECONDS]    a client keeps its server this long (360)
  -M, --netmask MASK            which clients count as one: an IPv4 mask, or an
                                IPv6 prefix length
      --pe ENGINE               know clients by a persistence engine: sip
  -o, --ops                     UDP and marks: schedule each packet by itself

Of a server:
  -r, --real-server HOST[:PORT] the server; without a port, the service's
  -g, --gatewaying              direct routing (the default)
  -i, --ipip                    through a tunnel
  -m, --masquerading            network address translation
  -w, --weight NUMBER           its share of the load (1); 0 for no new clients
  -x, --u-threshold NUMBER      no new connections from this many on
  -y, --l-threshold NUMBER      until they are fewer than this
TUNNEL, with -i:
      --tun-type TYPE           ipip (the default), gue or gre
      --tun-port PORT           the port that gue is sent to
      --tun-nocsum, --tun-csum, --tun-remcsum
                                no checksum, a checksum, a remote checksum

Of a list:
  -n, --numeric                 numbers, not the names of hosts and services
  -c, --connection              the connections
      --timeout, --daemon       the timeouts; the synchronisation daemons
      --stats, --rate           totals; what they gain a second
      --thresholds              the thresholds of each server
      --persistent-conn         persistent connections; with -c, what the
                                engine knows
      --tun-info                the tunnels
  -X, --exact                   whole numbers, not K, M, G and T
      --nosort                  in the kernel's order
      --sort                    sorted, as it is anyway

DAEMON:
      --mcast-interface NAME    where to send or hear (eth0)
      --mcast-group ADDRESS     IPv4 or IPv6 (224.0.0.81)
      --mcast-port PORT         (8848)
      --mcast-ttl NUMBER        (1)
      --syncid NUMBER           0 to 255: which daemons belong together
      --sync-maxlen BYTES       the longest message
`;

/** -h: every command and option. */
export function help(world: World): number {
  world.out(text(world.program));
  return STATUS.OK;
}
