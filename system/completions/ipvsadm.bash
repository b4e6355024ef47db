# Completion of ipvsadm, ipvsadm-save, ipvsadm-restore, lvs-realserver and
# lvs-director, for bash 4.4 or newer; with and without bash-completion, which
# finds it by the name of each program.
# The tables are the same in the files for the three shells, and a test holds
# them against the programs.

# Sets `vocabulary` and `goes` of a program.
# vocabulary: short name, long name, argument, meaning. An argument is "-" (none),
#   "value" (nobody can foresee it), "[value]" (it may be left out), a list to
#   choose from, or a kind that _ipvsadm_values knows. <...> is no option.
# goes: a command or option of the line, also option=value, and what may follow
#   it ("-": always). Of a/b one may be there, and what ends in + several times.
_ipvsadm_facts() {
  case $1 in
  ipvsadm)
    vocabulary='
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
    goes='
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
' ;;
  ipvsadm-save)
    vocabulary='
-n --numeric          -             numbers in place of names
-  --all              -             timeouts and daemons, too
-o --output           file          write to this file, whole or not at all
-  --allow-empty      -             an empty table may replace a file with rules
-h --help             -             show every option
-V --version          -             show the version
'
    goes='
- numeric all output help/version
output allow-empty
' ;;
  ipvsadm-restore)
    vocabulary='
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
    goes='
- <file> drain/noflush/clear skip-bad test/dry-run verbose help/version
' ;;
  lvs-realserver)
    vocabulary='
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
    goes='
- start/stop/restart/status/watch verbose help/version
start tunnel dry-run persist
stop <vip>+/all dry-run persist
restart <vip>+ tunnel dry-run
status <vip>+ tunnel json
watch <vip>+ interval
tunnel outer
tunnel=gue port
' ;;
  lvs-director)
    vocabulary='
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
    goes='
- start/stop/restart/status/watch verbose help/version
start dev mode dry-run persist
stop <vip>+/all dry-run persist
restart <vip>+ dev mode dry-run
status <vip>+ dev mode json
watch <vip>+ interval
mode=fullnat server-net+
' ;;
  esac
}

# What the program says of the kernel: reads only, is silent where it may not,
# takes four seconds at most, and is not asked where that would load IPVS.
_ipvsadm_ask() {
  [[ ! -e /proc/net/ip_vs ]] || timeout -k 1 4 "$program" "$@" </dev/null 2>/dev/null
}

# The services with this flag.
_ipvsadm_services() {
  [[ $keys == *' add-service '* ]] || _ipvsadm_ask -Sn | awk -v flag="$1" '$1 == "-A" && $2 == flag { print $3 }'
}

# Kernel modules whose names begin so; prints the rest of their names.
_ipvsadm_modules() {
  local module release
  read -r release </proc/sys/kernel/osrelease
  for module in /lib/modules/"$release"/{kernel/net/netfilter/ipvs,extra,updates,updates/dkms}/"$1"*.ko*; do
    module=${module##*/"$1"}
    printf '%s\n' "${module%%.ko*}"
  done
}

# The values of a kind, a line each.
_ipvsadm_values() {
  local IFS=$' \t\n'
  set +f
  shopt -s nullglob
  case $1 in
  *,*) printf '%s\n' ${1//,/ } ;;
  tcp) _ipvsadm_services -t ;;
  udp) _ipvsadm_services -u ;;
  sctp) _ipvsadm_services --sctp-service ;;
  mark) _ipvsadm_services -f ;;
  server)
    [[ $keys == *' add-server '* || ${#service[@]} == 0 ]] ||
      _ipvsadm_ask -Ln "${service[@]}" | awk '$1 == "->" && $2 != "RemoteAddress:Port" { print $2 }' ;;
  scheduler)
    printf '%s\n' rr wrr lc wlc lblc lblcr dh sh sed nq fo ovf mh twos
    # The others are no schedulers.
    _ipvsadm_modules ip_vs_ | awk '!/^(ftp|pe_.*)$/' ;;
  engine)
    printf '%s\n' sip
    _ipvsadm_modules ip_vs_pe_ ;;
  flags)
    case $keys in
    *' scheduler=sh '*) printf '%s\n' sh-fallback sh-port ;;
    *' scheduler=mh '*) printf '%s\n' mh-fallback mh-port ;;
    *) printf '%s\n' flag-1 flag-2 flag-3 ;;
    esac ;;
  # /sys may be that of another network namespace.
  device) awk -F: 'NR > 2 { sub(/^ */, ""); print $1 }' /proc/net/dev 2>/dev/null ;;
  # A real server has its VIPs on loopback or where packets leave a tunnel, a director elsewhere.
  vip | quiet-vip)
    ip -o address show scope global 2>/dev/null | awk -v quiet="$1" '
      ($2 ~ /^(lo|tunl0|gre0|ip6tnl0|ip6gre0)$/) == (quiet == "quiet-vip") && sub($3 == "inet" ? "/32$" : "/128$", "", $4) { print $4 }' ;;
  esac
}

# What a word of the line was: an option or command, and its argument.
_ipvsadm_took() {
  given+="$1 "
  keys+="$1 $1=${2-} "
  case ${kinds[$1]} in
  tcp | udp | sctp | mark) service=("--$1" "$2") ;;
  esac
  [[ $1 != ipv6 ]] || service+=(--ipv6)
}

# Reads the words before the cursor as popt does. Sets `given`, `keys`, `service`,
# `positional`, and in `pending` the option whose argument comes next.
_ipvsadm_read() {
  local word name rest
  for word; do
    if [[ -n $pending ]]; then
      name=$pending pending=
      if [[ ${kinds[$name]} != '[value]' || $word != -* ]]; then
        _ipvsadm_took "$name" "$word"
        continue
      fi
      _ipvsadm_took "$name"
    fi
    name=
    [[ -z $word ]] || name=${named[${word%%=*}]-}
    case $word in
    --*=*) [[ -z $name ]] || _ipvsadm_took "$name" "${word#*=}" ;;
    -[!-]*)
      rest=${word#-}
      while [[ -n $rest ]]; do
        name=${named[-${rest:0:1}]-} rest=${rest:1}
        if [[ -z $name ]]; then
          rest=
        elif [[ ${kinds[$name]} == - ]]; then
          _ipvsadm_took "$name"
        elif [[ -n $rest ]]; then
          _ipvsadm_took "$name" "${rest#=}"
          rest=
        else
          pending=$name
        fi
      done ;;
    *)
      if [[ -z $name || $name == \<* ]]; then
        [[ $word == -* ]] || positional+="$word "
      elif [[ ${kinds[$name]} == - ]]; then
        _ipvsadm_took "$name"
      else
        pending=$name
      fi ;;
    esac
  done
  # It may do without.
  if [[ -n $pending && ${kinds[$pending]} == '[value]' ]]; then
    _ipvsadm_took "$pending"
    pending=
  fi
}

# What may stand at the cursor: sets `candidates` to what is typed so, and
# `positional_kind` where there may be a word that is no option.
_ipvsadm_choose() {
  local row item one taken
  local -a fields
  [[ $positional == ' ' ]] || given+='<vip> <file> '
  IFS=$'\n'
  for row in $goes; do
    IFS=' '
    fields=($row)
    for one in ${fields[0]//,/ }; do
      [[ $keys == *" $one "* ]] || continue
      for item in "${fields[@]:1}"; do
        taken=
        for one in ${item//\// }; do
          if [[ $given == *" ${one%+} "* ]]; then taken=$one; fi
        done
        case $taken in
        *+) item=$taken ;;
        ?*) continue ;;
        esac
        for one in ${item//\// }; do
          case $one in
          \<*) positional_kind=${kinds[${one%+}]} ;;
          *) candidates+=(${spelt[${one%+}]}) ;;
          esac
        done
      done
    done
  done
}

_ipvsadm() {
  local - IFS=$' \t\n'
  set +eu -f
  COMPREPLY=()

  # The words up to the cursor: readline has cut them at ":" and "=".
  local line=${COMP_LINE:0:COMP_POINT} piece rest
  local -a typed=()
  for piece in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
    rest=${line#"${line%%[![:blank:]]*}"}
    [[ $rest == "$piece"* ]] || piece=$rest
    if [[ $rest == "$line" && ${#typed[@]} -gt 0 ]]; then
      typed[-1]+=$piece
    else
      typed+=("$piece")
    fi
    line=${rest#"$piece"}
  done
  typed=("${typed[@]//[\'\"\\]/}")
  local current=${typed[-1]} program=${typed[0]/#\~\//$HOME/}
  # Readline puts the completion in the place of this much of it.
  local replaced=${2//[\'\"\\]/}
  [[ -n ${replaced//[:=]/} ]] || replaced=
  local kept=${current%"$replaced"}

  local vocabulary goes row name
  local -a fields
  local -A kinds=() named=() spelt=()
  _ipvsadm_facts "${program##*/}"
  IFS=$'\n'
  for row in $vocabulary; do
    IFS=' '
    fields=($row)
    name=${fields[1]#--}
    kinds[$name]=${fields[2]} named[${fields[1]}]=$name
    if [[ ${fields[0]} == - ]]; then
      spelt[$name]=${fields[1]}
    else
      named[${fields[0]}]=$name
      spelt[$name]="${spelt[$name]-} ${fields[0]} ${fields[1]}"
    fi
  done

  local given=' ' keys=' - ' positional=' ' pending= head= kind= positional_kind=
  local -a service=() candidates=()
  _ipvsadm_read "${typed[@]:1:${#typed[@]}-2}"
  if [[ -n $pending ]]; then
    kind=${kinds[$pending]}
  elif [[ $current == --*=* ]]; then
    name=${named[${current%%=*}]-}
    kind=${name:+${kinds[$name]}} head=${current%%=*}= current=${current#*=}
  else
    _ipvsadm_choose
    [[ $current == -* ]] || kind=$positional_kind
  fi
  if [[ $kind == file ]]; then
    # Readline completes and quotes file names better than anybody.
    compopt -o default 2>/dev/null
    return
  fi
  if [[ $kind == flags && $current == *,* ]]; then
    head+=${current%,*}, current=${current##*,}
  fi
  local candidate
  local -A offered=()
  IFS=$'\n'
  for candidate in $([[ -z $kind ]] || _ipvsadm_values "$kind") "${candidates[@]}"; do
    [[ $candidate == "$current"* && -z ${offered[$candidate]-} ]] || continue
    offered[$candidate]=1
    # A VIP once is enough.
    [[ $kind != *vip || $positional != *" $candidate "* ]] || continue
    # Where there is a choice of other words, options wait for their dash.
    [[ -n $current || $candidate != -* || ${#COMPREPLY[@]} == 0 || ${COMPREPLY[0]} == -* ]] || continue
    candidate=$head$candidate
    COMPREPLY+=("${candidate#"$kept"}")
  done
}

complete -F _ipvsadm ipvsadm ipvsadm-save ipvsadm-restore lvs-realserver lvs-director
