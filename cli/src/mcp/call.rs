//! A call of a tool: its input becomes arguments and files, and the program runs with them.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Component, Path, PathBuf};
use std::process::{Command, Stdio};

use cam_policy::text::quoted;
use cam_workspace::files;
use serde_json::{Map, Value, json};
use tempfile::TempDir;

use super::tools::{Field, FieldKind, Tool};
use crate::exit::Failure;

/// Where tools run, and what they may do.
pub(crate) struct Workplace {
    program: PathBuf,
    /// The folder in which all files of a call must stand, without symbolic links.
    root: PathBuf,
    /// The catalogs that the server was started with.
    catalogs: Vec<PathBuf>,
    pub(super) allows_write: bool,
}

/// The arguments of a call, as they are collected.
struct Arguments<'w> {
    workplace: &'w Workplace,
    texts: TempDir,
    options: Vec<OsString>,
    values: Vec<OsString>,
    stdin: Option<PathBuf>,
    /// Whether the input names files of the project.
    has_files: bool,
    writes: bool,
}

impl Workplace {
    /// Makes the workplace in the current folder.
    pub(crate) fn new(catalogs: &[PathBuf], allows_write: bool) -> Result<Self, Failure> {
        let fail = |error| Failure::new(format_args!("the server does not know where it is: {error}"));
        let program = std::env::current_exe().map_err(fail)?;
        let root = fs::canonicalize(".").map_err(fail)?;
        let catalogs = catalogs.iter().map(|file| root.join(file)).collect();
        Ok(Self { program, root, catalogs, allows_write })
    }

    /// Calls a tool. Whatever goes wrong is told in the answer.
    pub(super) fn call(&self, tool: &Tool, input: &Map<String, Value>) -> Value {
        match self.run(tool, input) {
            Ok(answer) => answer,
            Err(why) => answer(2, &Value::String(String::new()), &format!("error: {why}")),
        }
    }

    fn run(&self, tool: &Tool, input: &Map<String, Value>) -> Result<Value, String> {
        let mut arguments = Arguments {
            workplace: self,
            texts: tempfile::tempdir()
                .map_err(|error| format!("no temporary folder can be made: {error}"))?,
            options: Vec::new(),
            values: Vec::new(),
            stdin: None,
            has_files: input.values().any(names_a_file),
            writes: false,
        };
        let mut wrong: Vec<String> = Vec::new();
        for name in input.keys() {
            if !tool.fields.iter().any(|field| field.name == name) {
                let names: Vec<&str> = tool.fields.iter().map(|field| field.name).collect();
                wrong.push(format!("there is no field {}, only {}", quoted(name), names.join(", ")));
            }
        }
        for field in tool.fields {
            match input.get(field.name).filter(|value| !value.is_null()) {
                None if field.required => wrong.push(format!("the field `{}` is missing", field.name)),
                None => {}
                Some(value) => {
                    let added = arguments.add(tool, field, value);
                    wrong.extend(added.err().map(|why| format!("the field `{}`: {why}", field.name)));
                }
            }
        }
        if !wrong.is_empty() {
            return Err(wrong.join("\n"));
        }
        arguments.run((tool.command)(input))
    }
}

impl Arguments<'_> {
    fn add(&mut self, tool: &Tool, field: &Field, value: &Value) -> Result<(), String> {
        match field.kind {
            FieldKind::Policies => {
                if tool.reads_stdin && field.option.is_empty() && list(value)?.is_empty() {
                    return Err("it is empty: name a file or a folder, or give a text".into());
                }
                for (at, one) in list(value)?.iter().enumerate() {
                    let policy = self.policy(tool, field, one, &format!("policy-{}.json", at + 1))?;
                    self.push(field, policy);
                }
            }
            FieldKind::Policy | FieldKind::Side => {
                let policy = self.policy(tool, field, value, "policy.json")?;
                self.push(field, policy);
            }
            FieldKind::Text => self.push(field, text(value)?.into()),
            FieldKind::Texts => {
                for one in list(value)? {
                    self.push(field, text(one)?.into());
                }
            }
            FieldKind::Context => {
                for (key, values) in value.as_object().ok_or("it is no object")? {
                    for one in list(values)? {
                        self.push(field, format!("{key}={}", text(one)?).into());
                    }
                }
            }
            FieldKind::Flag => {
                if value.as_bool().ok_or("it is neither true nor false")? {
                    self.options.push(field.option.into());
                }
            }
            FieldKind::Write => {
                self.writes = value.as_bool().ok_or("it is neither true nor false")?;
                if self.writes && !self.workplace.allows_write {
                    return Err("the server may not write; the user can start it with --allow-write".into());
                }
            }
        }
        Ok(())
    }

    fn push(&mut self, field: &Field, value: OsString) {
        if field.option.is_empty() {
            self.values.push(value);
        } else {
            // In one argument, so that no value can be taken for an option.
            let mut option = OsString::from(format!("{}=", field.option));
            option.push(value);
            self.options.push(option);
        }
    }

    /// Returns the argument for a policy.
    fn policy(&mut self, tool: &Tool, field: &Field, value: &Value, name: &str) -> Result<OsString, String> {
        let value = value.as_object().ok_or("it is no object with `path` or `text`")?;
        let part = |name: &str| value.get(name).map(text).transpose();
        let is_known = |key: &String| matches!(key.as_str(), "path" | "text" | "name" | "revision");
        if let Some(unknown) = value.keys().find(|key| !is_known(key)) {
            return Err(format!("a policy has no {}, only `path`, or `text` and `name`", quoted(unknown)));
        }
        match (part("path")?, part("text")?, part("revision")?) {
            (Some(path), None, Some(revision)) if matches!(field.kind, FieldKind::Side) => {
                self.workplace.of_revision(revision, path)
            }
            (Some(path), None, None) => self.workplace.file(path),
            (None, Some(text), None) => {
                let name = part("name")?.unwrap_or(name);
                self.inline(tool, field, name, text)
            }
            _ => Err("give either `path` or `text`".into()),
        }
    }

    /// Writes an inline text where the command can read it.
    fn inline(&mut self, tool: &Tool, field: &Field, name: &str, text: &str) -> Result<OsString, String> {
        let is_plain = matches!(Path::new(name).components().collect::<Vec<_>>()[..], [Component::Normal(_)]);
        if !is_plain || name.contains(['/', '\\', ':']) || name.starts_with('-') {
            return Err(format!("{} is no plain file name", quoted(name)));
        }
        // Two texts of one name stand in folders of their own, so that both are read.
        let mut short = Path::new(field.name).join(name);
        let mut number = 1;
        while self.texts.path().join(&short).exists() {
            number += 1;
            short = Path::new(field.name).join(number.to_string()).join(name);
        }
        let file = self.texts.path().join(&short);
        let folder = file.parent().unwrap_or(self.texts.path());
        let written = fs::create_dir_all(folder).and_then(|()| fs::write(&file, text));
        written.map_err(|error| format!("the text cannot be written to a temporary file: {error}"))?;
        if !tool.reads_stdin {
            // With files of the project the command runs in its folder, otherwise beside the texts, which have short names
            // then.
            return Ok(if self.has_files { file.into() } else { short.into() });
        }
        if self.stdin.is_some() {
            return Err("one call takes one inline text: call the tool once for each".into());
        }
        self.stdin = Some(file);
        self.options.push(format!("--stdin-name={name}").into());
        Ok("-".into())
    }

    fn run(self, command: &[&str]) -> Result<Value, String> {
        let Self { workplace, texts, options, values, stdin, has_files, writes } = self;
        let mut process = Command::new(&workplace.program);
        process.args(command);
        for catalog in &workplace.catalogs {
            process.arg("--catalog").arg(catalog);
        }
        // Standard input is read from the folder of the project, whose configuration counts.
        let in_project = has_files || stdin.is_some();
        if command[0] == "fix" && stdin.is_none() && !writes {
            process.arg("--dry-run");
        }
        process.args(options).arg("--").args(values);
        process.current_dir(if in_project { &workplace.root } else { texts.path() });
        process.stdin(match stdin {
            Some(file) => Stdio::from(
                File::open(file).map_err(|error| format!("the text cannot be read again: {error}"))?,
            ),
            None => Stdio::null(),
        });
        let output = process.output().map_err(|error| format!("the program does not run: {error}"))?;
        // An agent knows the names that it gave, and not the temporary folder.
        let folder = format!("{}{}", texts.path().display(), std::path::MAIN_SEPARATOR);
        let told = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace(&folder, "");
        let (said, notes) = (told(&output.stdout), told(&output.stderr));
        let as_json =
            if command.contains(&"--format=json") { serde_json::from_str(&said).ok() } else { None };
        let code = output.status.code().ok_or("the program was stopped")?;
        Ok(answer(code, &as_json.unwrap_or(Value::String(said)), &notes))
    }
}

impl Workplace {
    /// Returns a path of the input, if it leads to something below the root.
    fn file(&self, path: &str) -> Result<OsString, String> {
        let within = fs::canonicalize(self.root.join(path))
            .map_err(|error| format!("{} cannot be read: {error}", quoted(path)))?;
        match within.strip_prefix(&self.root) {
            Ok(rest) if rest.as_os_str().is_empty() => Ok(".".into()),
            Ok(rest) => Ok(rest.into()),
            Err(_) => Err(outside(path)),
        }
    }

    /// Returns a path in a revision, which may have files that the working directory has no more. Like every path of an
    /// input, it counts from the working directory, which may be a folder of the repository, or is absolute.
    fn of_revision(&self, revision: &str, path: &str) -> Result<OsString, String> {
        let is_odd =
            |character: char| character.is_whitespace() || character.is_control() || character == ':';
        if revision.is_empty() || revision.starts_with('-') || revision.contains(is_odd) {
            return Err(format!("{} is no revision", quoted(revision)));
        }
        let within = files::relative(&self.root.join(path), &self.root).ok_or_else(|| outside(path))?;
        // git takes `REVISION:./` for the working directory itself.
        Ok(format!("{revision}:./{within}").into())
    }
}

fn outside(path: &str) -> String {
    format!("{} does not stand below the working directory", quoted(path))
}

/// Whether an input is, or lists, a policy that is given by its path.
fn names_a_file(value: &Value) -> bool {
    value.get("path").is_some() || value.as_array().is_some_and(|all| all.iter().any(names_a_file))
}

fn list(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or_else(|| "it is no list".into())
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| "it is no text".into())
}

/// The answer of a tool. What the command says to people is a text of its own.
fn answer(code: i32, answer: &Value, notes: &str) -> Value {
    let said = answer.as_str().map_or_else(|| answer.to_string(), str::to_owned);
    let mut content = vec![json!({ "type": "text", "text": said })];
    if !notes.is_empty() {
        content.push(json!({ "type": "text", "text": notes }));
    }
    json!({
        "content": content,
        "structuredContent": { "exit_code": code, "answer": answer, "notes": notes },
        "isError": code == 2,
    })
}
