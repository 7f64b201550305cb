// How the server is started, and for which files. Nothing here needs the editor, so that a test can use it.

/** The settings of the user. */
export interface Settings {
  path: string;
  catalogs: string[];
}

/** The languages whose files may hold policies. */
export const LANGUAGES = ["json", "jsonc", "terraform", "hcl", "markdown"];

/** The name of the configuration, in which suppressions that are of no use are shown. */
export const CONFIGURATION = "tencent-cam.toml";

/** Returns the command that starts the server. */
export function command({ path, catalogs }: Settings): { command: string; args: string[] } {
  const program = path.trim() || "tencent-cam";
  return { command: program, args: ["lsp", ...catalogs.map((file) => `--catalog=${file}`)] };
}

/** Returns what the user can do when the server does not start. */
export function whyNotStarted(program: string, error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (
    `The server of Tencent CAM does not start: ${message}. Install it with ` +
    `"cargo install --locked --git https://github.com/tencent-cam/tencent-cam tencent-cam-cli", ` +
    `or set "tencent-cam.path", which is "${program}" now.`
  );
}
