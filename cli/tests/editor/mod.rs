//! An editor that speaks to the real language server.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

/// How long an answer may take on a machine that does much else.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Editor {
    server: Child,
    input: Option<ChildStdin>,
    output: Receiver<Value>,
    /// Notifications that nobody has asked for yet.
    waiting: Vec<Value>,
    last: i64,
}

impl Editor {
    /// Starts the server in a folder, and shakes hands. `options` are more members of the parameters of `initialize`.
    pub(crate) fn start(folder: &Path, options: Value) -> (Self, Value) {
        let mut server = Command::new(env!("CARGO_BIN_EXE_tencent-cam"))
            .arg("lsp")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let input = server.stdin.take();
        let mut reader = BufReader::new(server.stdout.take().unwrap());
        let (sender, output) = channel();
        thread::spawn(move || {
            loop {
                let (mut line, mut length) = (String::new(), 0);
                while reader.read_line(&mut line).unwrap_or(0) > 2 {
                    if let Some(number) = line.trim_end().strip_prefix("Content-Length: ") {
                        length = number.parse().unwrap();
                    }
                    line.clear();
                }
                if length == 0 {
                    return;
                }
                let mut body = vec![0; length];
                reader.read_exact(&mut body).unwrap();
                if sender.send(serde_json::from_slice(&body).unwrap()).is_err() {
                    return;
                }
            }
        });
        let mut editor = Self { server, input, output, waiting: Vec::new(), last: 0 };
        let mut params = json!({ "processId": null, "rootUri": null, "capabilities": {} });
        params.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
        let answer = editor.request("initialize", params);
        editor.notify("initialized", json!({}));
        (editor, answer)
    }

    pub(crate) fn send_raw(&mut self, text: &str) {
        let input = self.input.as_mut().unwrap();
        write!(input, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        input.flush().unwrap();
    }

    pub(crate) fn notify(&mut self, method: &str, params: Value) {
        self.send_raw(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string());
    }

    pub(crate) fn receive(&self) -> Value {
        self.output.recv_timeout(PATIENCE).expect("the server answers")
    }

    /// Asks, and returns the whole answer.
    pub(crate) fn ask(&mut self, method: &str, params: Value) -> Value {
        self.last += 1;
        let id = self.last;
        self.send_raw(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }).to_string());
        loop {
            let message = self.receive();
            if message["id"] == json!(id) && message.get("method").is_none() {
                return message;
            }
            self.waiting.push(message);
        }
    }

    /// Asks, and returns the result.
    pub(crate) fn request(&mut self, method: &str, params: Value) -> Value {
        let mut answer = self.ask(method, params);
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].take()
    }

    pub(crate) fn open(&mut self, uri: &str, language: &str, text: &str) {
        let document = json!({ "uri": uri, "languageId": language, "version": 1, "text": text });
        self.notify("textDocument/didOpen", json!({ "textDocument": document }));
    }

    /// Waits for the findings of a version of a document.
    pub(crate) fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<Value> {
        loop {
            let is_wanted = |message: &Value| {
                message["method"] == "textDocument/publishDiagnostics"
                    && message["params"]["uri"] == uri
                    && message["params"]["version"] == version
            };
            if let Some(at) = self.waiting.iter().position(is_wanted) {
                let message = self.waiting.remove(at);
                return message["params"]["diagnostics"].as_array().unwrap().clone();
            }
            let message = self.receive();
            self.waiting.push(message);
        }
    }

    /// Returns the requests and notifications of a method that came so far.
    #[allow(dead_code, reason = "not every test asks for it")]
    pub(crate) fn received(&self, method: &str) -> Vec<Value> {
        self.waiting.iter().filter(|message| message["method"] == method).cloned().collect()
    }

    /// Ends the server as editors do, and returns its exit code.
    pub(crate) fn end(mut self) -> i32 {
        assert_eq!(self.request("shutdown", Value::Null), Value::Null);
        self.notify("exit", Value::Null);
        self.server.wait().unwrap().code().unwrap()
    }

    /// Ends the input without a word, and returns the exit code.
    #[allow(dead_code, reason = "not every test asks for it")]
    pub(crate) fn hang_up(mut self) -> i32 {
        self.input = None;
        self.server.wait().unwrap().code().unwrap()
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // A test that fails must not leave the server behind.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
