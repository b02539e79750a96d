/** A server that runs for the tests. */
export interface RunningService {
  /** Where it is: a URL, or a path for a program such as a browser. */
  readonly address: string;
  /** Ends it and removes what it wrote; does nothing to a server that someone else runs. */
  stop(): Promise<void>;
}

/** Programs that tests need from the machine. */
export interface Programs<Found> {
  /** As a person calls them: "PostgreSQL 14 or newer". */
  readonly name: string;
  /** What `apt-get install` is given on Debian. */
  readonly debianPackages: readonly string[];
  /** One sentence for whoever has to install them by hand. */
  readonly advice: string;
  /** Looks on the machine; undefined when they are not there. */
  find(): Promise<Found | undefined>;
}

/** A real service that tests speak to. One file a service, listed in global-setup.ts. */
export interface Service<Found = unknown> {
  readonly programs: Programs<Found>;
  /** The environment variable that names a running one. */
  readonly variable: string;
  /** Proves that the named one can be used; throws a plain error when not. */
  check(address: string): Promise<void>;
  /** Starts a throw-away one that ends when this process does, however that comes. */
  start(found: Found): Promise<RunningService>;
}
