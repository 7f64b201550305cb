//! The protocol: JSON-RPC 2.0, one message a line.

use std::io::{self, BufRead, Read as _, Write};

use serde_json::{Value, json};

use super::call::Workplace;
use super::tools::{self, TOOLS};

/// The versions of the protocol that are spoken, the newest first. What this server uses is the same in all.
const VERSIONS: [&str; 4] = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];

/// The longest line that is taken, in bytes. No policy is near it, and memory has an end.
const LONGEST: usize = 64 << 20;

const PARSE_ERROR: i32 = -32700;
const INVALID_REQUEST: i32 = -32600;
const METHOD_NOT_FOUND: i32 = -32601;
const INVALID_PARAMS: i32 = -32602;

/// What is wrong with a request, as JSON-RPC says it.
struct Wrong {
    code: i32,
    message: String,
}

impl Wrong {
    fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Answers requests until the input ends. The error is that of the output or the input.
pub(crate) fn serve(
    mut input: impl BufRead,
    mut output: impl Write,
    workplace: &Workplace,
) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.by_ref().take(LONGEST as u64).read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.len() == LONGEST && !line.ends_with(b"\n") {
            let wrong = Wrong::new(PARSE_ERROR, format!("the line is longer than {} MiB", LONGEST >> 20));
            writeln!(output, "{}", failed(&Value::Null, &wrong))?;
            output.flush()?;
            input.skip_until(b'\n')?;
            continue;
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let answer = match serde_json::from_slice(&line) {
            Err(error) => Some(failed(&Value::Null, &Wrong::new(PARSE_ERROR, error.to_string()))),
            // Version 2025-03-26 has batches.
            Ok(Value::Array(batch)) if !batch.is_empty() => {
                let answers: Vec<Value> = batch.iter().filter_map(|one| message(one, workplace)).collect();
                (!answers.is_empty()).then_some(Value::Array(answers))
            }
            Ok(value) => message(&value, workplace),
        };
        if let Some(answer) = answer {
            writeln!(output, "{answer}")?;
            output.flush()?;
        }
    }
}

/// Returns the answer to a message; a notification has none.
fn message(message: &Value, workplace: &Workplace) -> Option<Value> {
    let id = match message.get("id") {
        None => &Value::Null,
        Some(id @ (Value::String(_) | Value::Number(_))) => id,
        Some(_) => {
            let wrong = Wrong::new(INVALID_REQUEST, "`id` is neither a string nor a number");
            return Some(failed(&Value::Null, &wrong));
        }
    };
    let Some(method) = message.get("method").and_then(Value::as_str) else {
        // What answers a request is none itself, and this server asks nothing.
        let is_answer = message.get("result").or(message.get("error")).is_some();
        let wrong = Wrong::new(INVALID_REQUEST, "it is no request: `method` is missing");
        return (!is_answer).then(|| failed(id, &wrong));
    };
    if id.is_null() {
        return None;
    }
    if message.get("jsonrpc").and_then(Value::as_str) != Some("2.0") {
        return Some(failed(id, &Wrong::new(INVALID_REQUEST, "`jsonrpc` must be \"2.0\"")));
    }
    let params = message.get("params").unwrap_or(&Value::Null);
    Some(match result(method, params, workplace) {
        Ok(result) => json!({ "jsonrpc": "2.0", "id": id, "result": result }),
        Err(wrong) => failed(id, &wrong),
    })
}

fn result(method: &str, params: &Value, workplace: &Workplace) -> Result<Value, Wrong> {
    match method {
        "initialize" => {
            let asked = params.get("protocolVersion").and_then(Value::as_str);
            let asked = asked.ok_or_else(|| Wrong::new(INVALID_PARAMS, "`protocolVersion` is missing"))?;
            let version = VERSIONS.iter().find(|one| **one == asked).unwrap_or(&VERSIONS[0]);
            Ok(json!({
                "protocolVersion": version,
                "capabilities": { "tools": {} },
                "serverInfo": { "name": "tencent-cam", "version": env!("CARGO_PKG_VERSION") },
                "instructions": tools::INSTRUCTIONS,
            }))
        }
        "ping" => Ok(json!({})),
        "tools/list" => {
            let all: Vec<Value> = TOOLS.iter().map(|tool| tool.declaration(workplace.allows_write)).collect();
            Ok(json!({ "tools": all }))
        }
        "tools/call" => {
            let name = params.get("name").and_then(Value::as_str);
            let name = name.ok_or_else(|| Wrong::new(INVALID_PARAMS, "`name` of the tool is missing"))?;
            let tool = TOOLS.iter().find(|tool| tool.name == name).ok_or_else(|| {
                let names: Vec<&str> = TOOLS.iter().map(|tool| tool.name).collect();
                Wrong::new(INVALID_PARAMS, format!("there is no tool {name:?}, only {}", names.join(", ")))
            })?;
            let empty = serde_json::Map::new();
            let arguments = match params.get("arguments") {
                None | Some(Value::Null) => &empty,
                Some(Value::Object(arguments)) => arguments,
                Some(_) => return Err(Wrong::new(INVALID_PARAMS, "`arguments` is no object")),
            };
            Ok(workplace.call(tool, arguments))
        }
        _ => Err(Wrong::new(METHOD_NOT_FOUND, format!("there is no method {method:?}"))),
    }
}

fn failed(id: &Value, Wrong { code, message }: &Wrong) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "error": { "code": code, "message": message } })
}
