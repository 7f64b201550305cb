import { commands, type ExtensionContext, window, workspace } from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions } from "vscode-languageclient/node";
import { CONFIGURATION, command, LANGUAGES, type Settings, whyNotStarted } from "./server";

let client: LanguageClient | undefined;
// Starts and stops follow each other: two starts at once would leave a server that nobody stops.
let turn: Promise<void> = Promise.resolve();

function inTurn(next: () => Promise<void>): Promise<void> {
  turn = turn.then(next, next);
  return turn;
}

export async function activate(context: ExtensionContext): Promise<void> {
  const output = window.createOutputChannel("Tencent CAM", { log: true });
  context.subscriptions.push(
    output,
    commands.registerCommand("tencent-cam.showOutput", () => output.show()),
    commands.registerCommand("tencent-cam.restart", start),
    workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration("tencent-cam.path") || change.affectsConfiguration("tencent-cam.catalogs")) {
        await start();
      }
    }),
  );
  await start();

  function start(): Promise<void> {
    return inTurn(restart);
  }

  async function restart(): Promise<void> {
    await stop();
    const server = command(settings());
    // A file that is not saved yet is checked, too.
    const documents = LANGUAGES.flatMap((language) =>
      ["file", "untitled"].map((scheme) => ({ scheme, language })),
    );
    const configuration = { scheme: "file", pattern: `**/${CONFIGURATION}` };
    const options: LanguageClientOptions = { documentSelector: [...documents, configuration], outputChannel: output };
    client = new LanguageClient("tencent-cam", "Tencent CAM", server satisfies ServerOptions, options);
    try {
      await client.start();
    } catch (error) {
      client = undefined;
      const show = "Show Output";
      // The activation must not wait until somebody reads this.
      void window.showErrorMessage(whyNotStarted(server.command, error), show).then((chosen) => {
        if (chosen === show) output.show();
      });
    }
  }
}

export async function deactivate(): Promise<void> {
  await inTurn(stop);
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  await running?.stop().catch(() => undefined);
}

function settings(): Settings {
  const configuration = workspace.getConfiguration("tencent-cam");
  return {
    path: configuration.get<string>("path", "tencent-cam"),
    catalogs: configuration.get<string[]>("catalogs", []),
  };
}
