/** What the schedulers are asked: services with their weights, and the connections that come to them. */
import type { SchedulerName } from ".";
import { type Family, IPV4, IPV6, SITES, times } from "./addresses";
import type { Connection } from "./model";
import { fromPorts, leaves, stays, type Traffic, visits } from "./traffic";

/** Of the four servers, in the order in which they are added. */
export type Weights = readonly [number, number, number, number];

/** A service with a port, or for the schedulers of caches a mark, of its own: none knows of the connections of another. */
export interface Case {
  readonly scheduler: SchedulerName;
  readonly flags?: readonly string[];
  readonly weights: Weights;
  readonly traffic: Traffic;
  /** Then this server is quiesced, and there is more traffic. */
  readonly quiesced?: { readonly server: string; readonly traffic: Traffic };
}

export interface Chapter<C extends Case = Case> {
  readonly explanation: string;
  /** Whether clients ask for many addresses, which a mark makes one service. */
  readonly sites?: boolean;
  readonly family?: Family;
  readonly cases: readonly C[];
}

/** From one of the client's addresses; each case has ports of its own. */
const from = (client: string, destination = IPV4.vip): Connection => ({ client, clientPort: 0, destination });
const oneClient = IPV4.clients[0] ?? "";
export const one = (count: number): readonly Connection[] => times(count, () => from(oneClient));
const everyClient = IPV4.clients.map((client) => from(client));
const everyClient6 = IPV6.clients.map((client) => from(client, IPV6.vip));
/** Two rounds over so many sites, so that each is asked for again. */
const sites = (count: number): readonly Connection[] => times(count * 2, (index) => from(oneClient, SITES.address((index % count) + 1)));
const oneSite = (count: number): readonly Connection[] => times(count, () => from(oneClient, SITES.address(7)));

/** Asked for by many until it is too much for one server, by fewer, and by many again. */
const popularSite: Traffic = [...stays(oneSite(12)), ...leaves(0, 1, 2, 3, 6, 7), ...stays(oneSite(10), 12)];

/** Ten stay, half of them leave, some more come: enough for the loads to differ. */
const comingAndGoing: Traffic = [...stays(one(10)), ...leaves(0, 2, 3, 7, 8), ...stays(one(8), 10)];

const CHAPTERS: readonly Chapter[] = [
  {
    explanation:
      "Taking turns. rr does not look at weights, but that 0 means none; wrr does. The server added last comes first.",
    cases: [
      { scheduler: "rr", weights: [1, 1, 1, 1], traffic: visits(one(10)), quiesced: { server: "real-2", traffic: visits(one(7)) } },
      { scheduler: "rr", weights: [5, 1, 0, 2], traffic: visits(one(8)) },
      { scheduler: "wrr", weights: [3, 1, 0, 1], traffic: visits(one(12)) },
      { scheduler: "wrr", weights: [6, 2, 2, 4], traffic: visits(one(16)), quiesced: { server: "real-1", traffic: visits(one(12)) } },
      { scheduler: "wrr", weights: [5, 3, 2, 1], traffic: visits(one(22)) },
    ],
  },
  {
    explanation:
      "By the client's address, of which there are 32 here: sh and mh. With sh-port and mh-port its port counts too. Where" +
      " a server is quiesced, its clients are refused; with sh-fallback and mh-fallback they get another.",
    cases: [
      { scheduler: "sh", weights: [1, 1, 1, 1], traffic: visits(everyClient), quiesced: { server: "real-3", traffic: visits(everyClient) } },
      { scheduler: "sh", flags: ["sh-port"], weights: [4, 1, 2, 1], traffic: visits(everyClient) },
      { scheduler: "sh", flags: ["sh-fallback"], weights: [4, 1, 2, 1], traffic: visits(everyClient), quiesced: { server: "real-1", traffic: visits(everyClient) } },
      { scheduler: "sh", flags: ["sh-port", "sh-fallback"], weights: [1, 2, 3, 4], traffic: visits(everyClient), quiesced: { server: "real-4", traffic: visits(everyClient) } },
      { scheduler: "mh", weights: [1, 1, 1, 1], traffic: visits(everyClient), quiesced: { server: "real-3", traffic: visits(everyClient) } },
      { scheduler: "mh", flags: ["mh-port"], weights: [4, 1, 2, 1], traffic: visits(everyClient) },
      { scheduler: "mh", flags: ["mh-fallback"], weights: [300, 100, 0, 200], traffic: visits(everyClient), quiesced: { server: "real-1", traffic: visits(everyClient) } },
      { scheduler: "mh", flags: ["mh-port", "mh-fallback"], weights: [1, 2, 3, 4], traffic: visits(everyClient), quiesced: { server: "real-4", traffic: visits(everyClient) } },
    ],
  },
  {
    explanation:
      "By weight and by what the servers have to do: connections stay open here, some are closed, and more come. An" +
      " open connection counts as much as 256 that are closing, for lc and wlc; for sed, nq and ovf only open ones count.",
    cases: [
      { scheduler: "fo", weights: [1, 8, 4, 8], traffic: comingAndGoing, quiesced: { server: "real-4", traffic: visits(one(4), 20) } },
      { scheduler: "ovf", weights: [2, 5, 3, 0], traffic: stays(one(15)) },
      { scheduler: "lc", weights: [1, 5, 1, 0], traffic: comingAndGoing },
      { scheduler: "lc", weights: [1, 1, 1, 1], traffic: visits(one(10)) },
      { scheduler: "wlc", weights: [1, 5, 3, 0], traffic: comingAndGoing },
      { scheduler: "wlc", weights: [1, 2, 3, 4], traffic: visits(one(20)), quiesced: { server: "real-4", traffic: visits(one(6), 20) } },
      { scheduler: "sed", weights: [1, 5, 3, 0], traffic: comingAndGoing },
      { scheduler: "sed", weights: [1, 2, 3, 4], traffic: visits(one(6)) },
      { scheduler: "nq", weights: [1, 9, 3, 0], traffic: comingAndGoing },
      { scheduler: "nq", weights: [1, 2, 3, 4], traffic: visits(one(6)) },
    ],
  },
  {
    explanation:
      "For caches, by the address that is asked for: here 8 or more of a network that is the director's, which a firewall" +
      " mark makes one service. dh hashes it. lblc and lblcr stay with the server that it had, until that one has more to" +
      " do than its weight while another has not half of its own: then lblc moves, and lblcr adds a server.",
    sites: true,
    cases: [
      { scheduler: "dh", weights: [1, 1, 1, 1], traffic: visits(sites(16)), quiesced: { server: "real-2", traffic: visits(sites(16), 40) } },
      { scheduler: "lblc", weights: [1, 2, 3, 4], traffic: [...visits(sites(8)), ...stays(sites(2), 20)] },
      { scheduler: "lblc", weights: [4, 3, 3, 4], traffic: popularSite },
      { scheduler: "lblcr", weights: [1, 2, 3, 4], traffic: [...visits(sites(8)), ...stays(sites(2), 20)] },
      { scheduler: "lblcr", weights: [4, 3, 3, 4], traffic: popularSite },
    ],
  },
  {
    explanation: "IPv6: for a hash, an address is folded to 32 bits.",
    family: IPV6,
    cases: [
      { scheduler: "sh", flags: ["sh-fallback"], weights: [1, 2, 3, 4], traffic: visits(everyClient6), quiesced: { server: "real-3", traffic: visits(everyClient6) } },
      { scheduler: "mh", flags: ["mh-port", "mh-fallback"], weights: [1, 2, 3, 4], traffic: visits(everyClient6), quiesced: { server: "real-3", traffic: visits(everyClient6) } },
    ],
  },
];

/** Where a service is, and who serves it. */
export interface Located {
  readonly port: number;
  /** The first of the client's ports, and of the numbers of its connections. */
  readonly base: number;
  readonly sites: boolean;
  readonly family: Family;
  readonly weights: Weights;
}

/** A case in its place. */
export type Placed = Case & Located;

const FIRST_PORT = 8001;
/** The client's ports of a case: more than it has connections. */
const PORTS_A_CASE = 100;

const placed = (one: Case, number: number, { sites = false, family = IPV4 }: Chapter): Placed => {
  const base = 20_000 + number * PORTS_A_CASE;
  const located = { ...one, sites, family, port: FIRST_PORT + number, base, traffic: fromPorts(base, one.traffic) };
  if (one.quiesced === undefined) return located;
  return { ...located, quiesced: { ...one.quiesced, traffic: fromPorts(base, one.quiesced.traffic) } };
};

/** The chapters, with each case in a place of its own. */
export const PLACED: readonly Chapter<Placed>[] = CHAPTERS.map((chapter, index) => {
  const before = CHAPTERS.slice(0, index).reduce((count, { cases }) => count + cases.length, 0);
  return { ...chapter, cases: chapter.cases.map((one, number) => placed(one, before + number, chapter)) };
});
