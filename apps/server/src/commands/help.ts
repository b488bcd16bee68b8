const TEXT = `payi: metering, cost, limits and attribution for GenAI calls

  payi serve                      the platform: API and dashboard, until it is told to stop
  payi dev                        the same for trying things out: adds demo data at the first start
  payi demo load [--days 7]       adds made-up history to a running platform
  payi demo remove                takes it away again, totals included
  payi keys list                  keys of an application (--application ID); the secret itself is kept nowhere
  payi keys create [--name NAME] [--scope full|ingest|read|admin|metrics]
                                  a new key, shown once; an application has at most two full ones
  payi keys rotate ID             a new key in place of this one, which stops working at once
  payi keys revoke ID             this key stops working at once
  payi limits list                what is spent and held of each limit
  payi limits reset ID            this limit starts anew
  payi limits simulate --max USD [--days 7] [--period day] [--per user_id] [--use-case U] …
                                  what such a limit would have refused of recorded calls
  payi verify                     are ledger, counters and rollups what the events say? exit code 1 if not
  payi rebuild --from DAY [--to DAY] [--application ID]
                                  totals of these days (UTC) again from the events, then payi verify
  payi retain                     removes what is past the retention of its application, as a server does once a day
  payi forget user USER [--application ID]
                                  deletes what a user's calls said and takes the id out of everything; sums stay
  payi backup FILE                copies the database beside a running server, and reads the copy through
  payi migrate --to postgres://…  moves everything from SQLite to PostgreSQL beside a running server; may be killed and
                                  run again; switches only when both give the same answers
  payi copy                       brings the copy in ClickHouse up to date; with PAYI_CLICKHOUSE_URL a server does so itself
  payi copy status                how many entries of each application the copy lacks
  payi price [FILE]               prices calls given as JSON lines, exactly; payi price --help shows their shape
  payi price MODEL --input N …    one call as a table, with every rate and its source
  payi price-books list           the price books, newest first
  payi price-books import FILE [--format payi|litellm] [--name NAME]
                                  a candidate from a file, with what its gates say; activates nothing
  payi price-books activate ID [--approve]
                                  puts a book in force, or an older one back
  payi reprice --from TIME [--to TIME] [--category C] [--resource R] [--use-case U] [--dry-run]
                                  prices recorded requests again, each by the prices of its own time
  payi alerts channels|rules      where alerts go, and what they are about
  payi alerts history [--limit 20]  what was told, newest first, and whether it arrived
  payi alerts test CHANNEL        sends a test now; exit code 1 if it does not arrive
  payi alerts retry ALERT         sends again what did not arrive
  payi import FILE                reads a file of events that was written offline, into the platform of PAYI_BASE_URL
                                  where that is set, else into the data folder
  payi plan [FILE] [--check] [--prune] [--json]
                                  what payi.config.ts would change on the platform; --check: exit code 2 if anything
  payi apply [FILE] [--prune] [--json]
                                  makes the platform what payi.config.ts says; --prune deletes what it does not name
  payi doctor [DIRECTORY]         is the application there set up to be metered? says what to do
  payi help                       this text

Environment
  PORT           port to listen on (4470)
  PAYI_HOST      address to listen on (127.0.0.1); anything else closes the dashboard to requests without a key
  PAYI_DATA_DIR  folder for everything that is kept (./.payi)
  PAYI_DATABASE_URL  postgres://user:password@host:5432/database, or sqlite:<file> to keep the file elsewhere
                 (<PAYI_DATA_DIR>/payi.sqlite); DATABASE_URL is read where it is not set
  PAYI_API_KEY   a key that is made valid at every start; without it a development key is made and kept
  PAYI_PRICE_FEED_URL  where to look for price books (nowhere); what is found is a candidate, never in force by itself
  PAYI_PRICE_FEED_HOURS  how often (24)
  PAYI_WEBHOOK_ALLOWED_HOSTS  where alerts may be sent beyond public https hosts: https://host:port, http://127.0.0.1:*
  PAYI_SMTP_URL, PAYI_MAIL_FROM  the mail server for alerts, smtp://user:password@host:587, and their sender
  PAYI_SECRET_KEY  what secrets in the database are encrypted with (kept in PAYI_DATA_DIR); the same on all servers
  PAYI_CLICKHOUSE_URL  https://user:password@host:8443/database, a copy for questions that only events can answer (none)
  PAYI_LOG       trace, debug, info, warn, error, fatal or silent (warn)
  PAYI_PARENT_PID  the server stops when this process is gone
`;

/** `payi help`. */
export async function help(): Promise<number> {
  process.stdout.write(TEXT);
  return 0;
}
