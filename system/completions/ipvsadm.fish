# Completion of ipvsadm, ipvsadm-save, ipvsadm-restore, lvs-realserver and
# lvs-director, for fish 3.4 or newer, which finds it by the name of each program.
# The tables are the same in the files for the three shells, and a test holds
# them against the programs.

# Sets `vocabulary` and `goes` of a program.
# vocabulary: short name, long name, argument, meaning. An argument is "-" (none),
#   "value" (nobody can foresee it), "[value]" (it may be left out), a list to
#   choose from, or a kind that __ipvsadm_values knows. <...> is no option.
# goes: a command or option of the line, also option=value, and what may follow
#   it ("-": always). Of a/b one may be there, and what ends in + several times.
function __ipvsadm_facts --no-scope-shadowing
    switch $argv[1]
        case ipvsadm
            set vocabulary '
-A --add-service      -             add a virtual service
-E --edit-service     -             change how a service schedules and persists
-D --delete-service   -             remove a service and its servers
-C --clear            -             remove every service
-R --restore          -             carry out the rules on standard input
-S --save             -             write the table as rules
-a --add-server       -             add a real server to a service
-e --edit-server      -             change a real server
-d --delete-server    -             remove a real server
-L --list             -             list services, connections, timeouts or daemons
-l --list             -             list services, connections, timeouts or daemons
-Z --zero             -             set counters to zero
-  --set              -             set the timeouts: TCP TCPFIN UDP
-  --start-daemon     master,backup start the synchronisation daemon
-  --stop-daemon      master,backup stop the synchronisation daemon
-h --help             -             show every command and option
-v --version          -             show the version
-t --tcp-service      tcp           a TCP service
-u --udp-service      udp           a UDP service
-  --sctp-service     sctp          an SCTP service
-f --fwmark-service   mark          packets that the firewall marked
-6 --ipv6             -             of this mark, those of IPv6
-s --scheduler        scheduler     who gets the next connection
-  --pe               engine        what tells clients apart
-p --persistent       [value]       clients keep their server, so many seconds
-M --netmask          value         which clients count as one
-o --ops              -             schedule every packet by itself
-b --sched-flags      flags         options of the scheduler
-r --real-server      server        the real server
-g --gatewaying       -             forward by direct routing
-i --ipip             -             forward through a tunnel
-m --masquerading     -             forward by address translation
-  --tun-type         ipip,gue,gre  which tunnel
-  --tun-port         value         the UDP port of the tunnel
-  --tun-nocsum       -             no checksum
-  --tun-csum         -             a checksum
-  --tun-remcsum      -             a remote checksum
-w --weight           value         share of the load, 0 for no new clients
-x --u-threshold      value         no new connections from this many on
-y --l-threshold      value         until they are fewer than this
-c --connection       -             the connections
-n --numeric          -             numbers in place of names
-  --timeout          -             the timeouts
-  --daemon           -             the synchronisation daemons
-  --stats            -             totals
-  --rate             -             what they gain a second
-X --exact            -             whole numbers
-  --thresholds       -             the thresholds of servers
-  --persistent-conn  -             persistent connections
-  --tun-info         -             the tunnels
-  --nosort           -             in the order of the kernel
-  --sort             -             sorted, as it is anyway
-  --mcast-interface  device        where to send or hear
-  --mcast-group      value         multicast address
-  --mcast-port       value         UDP port
-  --mcast-ttl        value         how far messages go
-  --syncid           value         which daemons belong together
-  --sync-maxlen      value         the longest message, in bytes
'
            set goes '
- add-service/edit-service/delete-service/clear/restore/save/add-server/edit-server/delete-server/list/zero/set/start-daemon/stop-daemon/help/version
add-service,edit-service tcp-service/udp-service/sctp-service/fwmark-service scheduler persistent netmask ops pe sched-flags
delete-service,zero tcp-service/udp-service/sctp-service/fwmark-service
add-server,edit-server tcp-service/udp-service/sctp-service/fwmark-service real-server gatewaying/ipip/masquerading weight u-threshold l-threshold
delete-server tcp-service/udp-service/sctp-service/fwmark-service real-server
list tcp-service/udp-service/sctp-service/fwmark-service/connection/timeout/daemon numeric stats rate exact thresholds persistent-conn tun-info nosort/sort
save numeric
start-daemon mcast-interface mcast-group mcast-port mcast-ttl syncid sync-maxlen
stop-daemon syncid
fwmark-service ipv6
ipip tun-type
tun-type=gue tun-port tun-nocsum/tun-csum/tun-remcsum
tun-type=gre tun-nocsum/tun-csum
'
        case ipvsadm-save
            set vocabulary '
-n --numeric          -             numbers in place of names
-  --all              -             timeouts and daemons, too
-o --output           file          write to this file, whole or not at all
-  --allow-empty      -             an empty table may replace a file with rules
-h --help             -             show every option
-V --version          -             show the version
'
            set goes '
- numeric all output help/version
output allow-empty
'
        case ipvsadm-restore
            set vocabulary '
-  <file>             file          the rules
-  --drain            value         let servers that leave finish, so many seconds
-  --noflush          -             add to the table
-  --clear            -             clear the table first
-  --skip-bad         -             leave bad lines out
-  --test             -             check the input, and no more
-  --dry-run          -             print what would be done
-v --verbose          -             say what has changed
-h --help             -             show every option
-V --version          -             show the version
'
            set goes '
- <file> drain/noflush/clear skip-bad test/dry-run verbose help/version
'
        case lvs-realserver
            set vocabulary '
-  start              -             let this machine answer for VIPs
-  stop               -             bring back what was there before
-  restart            -             stop and start
-  status             -             what there is, and what there should be
-  watch              -             put back what others take away
-  <vip>              quiet-vip     a VIP of this real server
-  --tunnel           ipip,gre,gue  packets come through a tunnel
-  --port             value         the UDP port of gue
-  --outer            ipv4,ipv6     the IP that the tunnel comes in
-  --all              -             every VIP that was started
-  --dry-run          -             print what would be done
-  --persist          -             also for the next boot
-  --json             -             as JSON
-  --interval         value         seconds from one comparison to the next
-v --verbose          -             print what was done
-h --help             -             show every option
-V --version          -             show the version
'
            set goes '
- start/stop/restart/status/watch verbose help/version
start tunnel dry-run persist
stop <vip>+/all dry-run persist
restart <vip>+ tunnel dry-run
status <vip>+ tunnel json
watch <vip>+ interval
tunnel outer
tunnel=gue port
'
        case lvs-director
            set vocabulary '
-  start              -                   let this machine have VIPs
-  stop               -                   bring back what was there before
-  restart            -                   stop and start
-  status             -                   what there is, and what there should be
-  watch              -                   put back what others take away
-  <vip>              vip                 a VIP of this director
-  --dev              device              the network device that has the VIP
-  --mode             nat,dr,tun,fullnat  how packets go on to the servers
-  --server-net       value               the network of the servers
-  --persist          -                   also for the next boot
-  --all              -                   every VIP that was started
-  --dry-run          -                   print what would be done
-  --json             -                   as JSON
-  --interval         value               seconds from one comparison to the next
-v --verbose          -                   print what was done
-h --help             -                   show every option
-V --version          -                   show the version
'
            set goes '
- start/stop/restart/status/watch verbose help/version
start dev mode dry-run persist
stop <vip>+/all dry-run persist
restart <vip>+ dev mode dry-run
status <vip>+ dev mode json
watch <vip>+ interval
mode=fullnat server-net+
'
    end
end

# What the program says of the kernel: reads only, is silent where it may not,
# takes four seconds at most, and is not asked where that would load IPVS.
function __ipvsadm_ask --no-scope-shadowing
    test -e /proc/net/ip_vs
    and timeout -k 1 4 $program $argv </dev/null 2>/dev/null
end

# The services with this flag.
function __ipvsadm_services --no-scope-shadowing
    contains add-service $keys
    or __ipvsadm_ask -Sn | awk -v flag=$argv[1] '$1 == "-A" && $2 == flag { print $3 }'
end

# Kernel modules whose names begin so; prints the rest of their names.
function __ipvsadm_modules --argument-names beginning
    read -l release </proc/sys/kernel/osrelease
    set -l modules /lib/modules/$release/{kernel/net/netfilter/ipvs,extra,updates,updates/dkms}/$beginning*.ko*
    string replace --regex -- ".*/$beginning(.*?)\.ko.*" '$1' $modules
end

# The values of a kind, a line each.
function __ipvsadm_values --no-scope-shadowing
    switch $argv[1]
        case '*,*'
            string split , -- $argv[1]
        case tcp
            __ipvsadm_services -t
        case udp
            __ipvsadm_services -u
        case sctp
            __ipvsadm_services --sctp-service
        case mark
            __ipvsadm_services -f
        case server
            if set -q service[1]; and not contains add-server $keys
                __ipvsadm_ask -Ln $service | awk '$1 == "->" && $2 != "RemoteAddress:Port" { print $2 }'
            end
        case scheduler
            printf '%s\n' rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh twos
            # The others are no schedulers.
            __ipvsadm_modules ip_vs_ | awk '!/^(ftp|pe_.*)$/'
        case engine
            printf '%s\n' sip
            __ipvsadm_modules ip_vs_pe_
        case flags
            if contains scheduler=sh $keys
                printf '%s\n' sh-fallback sh-port
            else if contains scheduler=mh $keys
                printf '%s\n' mh-fallback mh-port
            else
                printf '%s\n' flag-1 flag-2 flag-3
            end
        case device
            # /sys may be that of another network namespace.
            awk -F: 'NR > 2 { sub(/^ */, ""); print $1 }' /proc/net/dev 2>/dev/null
        case vip quiet-vip
            # A real server has its VIPs on loopback or where packets leave a tunnel, a director elsewhere.
            ip -o address show scope global 2>/dev/null | awk -v quiet=$argv[1] '
                ($2 ~ /^(lo|tunl0|gre0|ip6tnl0|ip6gre0)$/) == (quiet == "quiet-vip") && sub($3 == "inet" ? "/32$" : "/128$", "", $4) { print $4 }'
    end
end

# The kind of the argument of a name.
function __ipvsadm_kind --no-scope-shadowing
    set at (contains --index -- $argv[1] $names)
    and echo $kinds[$at]
end

# Sets `name` to that of a word as it is typed: "-t", "--tcp-service", "start".
function __ipvsadm_name --no-scope-shadowing
    set name
    set at (contains --index -- $argv[1] $longs)
    or set at (contains --index -- $argv[1] $shorts)
    and test "$argv[1]" != -
    and set name $names[$at]
end

# What a word of the line was: an option or command, and its argument.
function __ipvsadm_took --no-scope-shadowing
    set -a given $argv[1]
    set -a keys $argv[1] "$argv[1]=$argv[2]"
    switch (__ipvsadm_kind $argv[1])
        case tcp udp sctp mark
            set service --$argv[1] "$argv[2]"
    end
    test $argv[1] = ipv6
    and set -a service --ipv6
end

# Reads the words before the cursor as popt does. Sets `given`, `keys`, `service`,
# `positional`, and in `pending` the option whose argument comes next.
function __ipvsadm_read --no-scope-shadowing
    for word in $argv
        if test -n "$pending"
            set name $pending
            set pending
            if test (__ipvsadm_kind $name) != '[value]'; or not string match -q -- '-*' $word
                __ipvsadm_took $name $word
                continue
            end
            __ipvsadm_took $name
        end
        __ipvsadm_name (string replace --regex '=.*' '' -- $word)
        switch $word
            case '--*=*'
                test -n "$name"
                and __ipvsadm_took $name (string replace --regex '^.*?=' '' -- $word)
            case '--*'
                if test -z "$name"
                    continue
                else if test (__ipvsadm_kind $name) = -
                    __ipvsadm_took $name
                else
                    set pending $name
                end
            case '-?*'
                set rest (string sub --start 2 -- $word)
                while test -n "$rest"
                    __ipvsadm_name -(string sub --length 1 -- $rest)
                    set rest (string sub --start 2 -- $rest)
                    if test -z "$name"
                        set rest
                    else if test (__ipvsadm_kind $name) = -
                        __ipvsadm_took $name
                    else if test -n "$rest"
                        __ipvsadm_took $name (string replace --regex '^=' '' -- $rest)
                        set rest
                    else
                        set pending $name
                    end
                end
            case '*'
                if test -z "$name"; or string match -q '<*' $name
                    test "$word" != -
                    and set -a positional $word
                else
                    __ipvsadm_took $name
                end
        end
    end
    # It may do without.
    if test -n "$pending"; and test (__ipvsadm_kind $pending) = '[value]'
        __ipvsadm_took $pending
        set pending
    end
end

# What may stand at the cursor: sets `candidates` to what is typed so, with its
# meaning, and `operand` where there may be a word that is no option.
function __ipvsadm_choose --no-scope-shadowing
    set -q positional[1]
    and set -a given '<vip>' '<file>'
    set pattern (string join '|' -- (string escape --style=regex -- $keys))
    set items (string replace --regex --filter -- "^(?:\S+,)?(?:$pattern)(?:,\S+)? (.*)" '$1' (string split \n -- $goes) | string split ' ')
    if set -q given[1]
        set pattern (string join '|' -- (string escape --style=regex -- $given))
        # What may come several times comes alone then, of the others none.
        set items (string replace --regex -- "^.*?((?:$pattern)\+).*" '$1' $items | string match --regex --invert -- "(?:^|/)(?:$pattern)(?:/|\$)")
    end
    set items (string split / -- $items | string trim --right --chars +)
    set operand (string match -- '<*' $items)
    set pattern (string join '|' -- $items)
    set candidates (string replace --regex --filter -- "^(-\w) (?:--)?(?:$pattern) \S+ (.*)" '$1'\t'$2' $rows) \
        (string replace --regex --filter -- "^\S+ ((?:--)?(?:$pattern)) \S+ (.*)" '$1'\t'$2' $rows | string match --invert -- '<*')
end

# Reads the line. Sets `candidates`, `wanted` (what kind of value, where there is
# one at the cursor), `name` (whose) and `head` (what of the word stands before it).
function __ipvsadm_line --no-scope-shadowing
    set rows (string split --no-empty \n -- $vocabulary | string replace --regex --all ' +' ' ')
    set shorts (string replace --regex ' .*' '' -- $rows)
    set longs (string replace --regex '^\S+ (\S+) .*' '$1' -- $rows)
    set names (string replace --regex '^--' '' -- $longs)
    set kinds (string replace --regex '^\S+ \S+ (\S+) .*' '$1' -- $rows)
    __ipvsadm_read $typed[2..]
    set name $pending
    if test -z "$name"
        if string match -q -- '--*=*' $current
            set head (string replace --regex '=.*' '' -- $current)
            __ipvsadm_name $head
            set head $head=
        else
            __ipvsadm_choose
            if not string match -q -- '-*' $current
                set name $operand
                # fish would find the word inside of options.
                test -z "$current"
                or set candidates (string match --invert -- '-*' $candidates)
            end
        end
    end
    test -n "$name"
    and set wanted (__ipvsadm_kind $name)
end

# With a program: prints what may stand at the cursor. With --file too: whether
# that is a file. The other names are local variables, which all functions above
# share.
function __ipvsadm_complete --argument-names program_name task program vocabulary goes rows shorts longs names kinds \
        given keys service positional pending operand candidates wanted name head word rest at pattern items
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set program (string replace --regex '^~/' "$HOME/" -- $typed[1])
    set keys -
    __ipvsadm_facts $program_name
    __ipvsadm_line
    if test "$task" = --file
        test "$wanted" = file
        return
    end
    if test "$wanted" = flags
        set at (string match --regex '^.*,' -- (string sub --start (math 1 + (string length -- "$head")) -- $current))
        set head "$head$at"
    end
    set -l values
    if test -n "$wanted"
        set -l meaning (string replace --regex '^(?:\S+ ){3}' '' -- $rows[(contains --index -- $name $names)])
        for value in (__ipvsadm_values $wanted)
            # A VIP once is enough.
            string match -q '*vip' $wanted
            and contains -- $value $positional
            or set -a values "$head$value"\t$meaning
        end
    end
    # Where there is a choice of other words, options wait for their dash.
    if test -z "$current"
        set -l plain $values (string match --invert -- '-*' $candidates)
        if set -q plain[1]; or test "$wanted" = file
            set candidates (string match --invert -- '-*' $candidates)
        end
    end
    set -q values[1]
    and printf '%s\n' $values
    set -q candidates[1]
    and printf '%s\n' $candidates
end

for program in ipvsadm ipvsadm-save ipvsadm-restore lvs-realserver lvs-director
    # fish loads this file once for each of them.
    complete --erase --command $program
    complete --command $program --no-files --arguments "(__ipvsadm_complete $program)"
end
for program in ipvsadm-save ipvsadm-restore
    complete --command $program --condition "__ipvsadm_complete $program --file" --force-files
end
