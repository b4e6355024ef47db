/** What -R makes of its input. */
import { type Case, type Group, rules } from "./case";
import { SAMPLE_RULES } from "./samples";

/** What ipvsadm 1.31 takes as it is; where ours is better on purpose, the tests of restore say how. */
const INPUTS = [
  "",
  "\n\n  \t \n",
  "-A -t 10.0.0.9:80 -s rr\n",
  "-A -t 10.0.0.9:80 -s rr",
  "-A\t-t   10.0.0.9:80  -s rr  \n   -A -t 10.0.0.8:81\r\n-A -t 10.0.0.7:82",
  "ipvsadm -A -t 10.0.0.9:80 ipvsadm -s rr\nipvsadm\n-A -t 10.0.0.8:81\n",
  "-A -t 10.0.0.8:81\n-A -t 10.0.0.9:80\n-A -t 10.0.0.9:80\n",
  "--start-daemon master --mcast-interface lo\n--start-daemon master --mcast-interface lo\n",
  "-v\n-A -t 10.0.0.8:81\n",
  "-h\n-A -t 10.0.0.8:81\n",
  "-A -t 10.0.0.9:80\n-L -n\n-C\n-A -t 10.0.0.8:81\n-S -n\n",
  "-L -n -t 10.0.0.6:9\n-A -t 10.0.0.8:81\n",
  "--start-daemon backup --mcast-interface lo\n-L --daemon\n",
  "-a -t 10.0.0.1:80 -r 10.1.0.9 -m -w 9\n-e -t 10.0.0.1:80 -r 10.1.0.9 -w 0 -m\n-d -t 10.0.0.1:80 -r 10.1.0.2\n",
  "-A -t 10.0.0.8:80\n-A -t 10.0.0.9:80 -s nosuch\n",
  "--set 1 2 3\n-L --timeout\n-Z\n",
  rules(...Array.from({ length: 200 }, (_, index) => `-A -t 10.2.0.${index}:80 -s rr`)),
];

export const restore: Group[] = [
  {
    name: "restore",
    rules: SAMPLE_RULES,
    cases: [...INPUTS.map((stdin): Case => ({ words: ["-R"], stdin })), { words: ["--restore"], stdin: "-C\n" }, { words: ["-R", "-n"], stdin: "-C\n" }],
  },
];
