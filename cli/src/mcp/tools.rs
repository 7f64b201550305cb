//! The tools: which input each takes, and which arguments of the command it makes.

use serde_json::{Map, Value, json};

/// What an agent reads before it chooses a tool.
pub(super) const INSTRUCTIONS: &str = "\
Policies of Tencent Cloud CAM: find what is wrong with them, decide requests, explain refusals, compare access, and look up \
actions. Everything is offline. A fact that is unknown is `unknown` or null, never `no`. Notes name the assumptions that an \
answer depends on: tell the user about them.";

/// A tool. It runs a command of this program.
pub(super) struct Tool {
    pub name: &'static str,
    about: &'static str,
    pub fields: &'static [Field],
    /// The command and what it always gets. The command may depend on the input.
    pub command: fn(&Map<String, Value>) -> &'static [&'static str],
    /// Whether the command reads a single inline text from standard input.
    pub reads_stdin: bool,
}

/// A field of a tool's input.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub name: &'static str,
    pub kind: FieldKind,
    /// The option of the command; empty if the value stands alone.
    pub option: &'static str,
    pub required: bool,
    about: &'static str,
}

/// What the value of a field is.
#[derive(Clone, Copy)]
pub(super) enum FieldKind {
    /// A list of files, folders or inline texts.
    Policies,
    /// One of these.
    Policy,
    /// One of these, or a path in a revision of git.
    Side,
    Text,
    Texts,
    /// Names with lists of values.
    Context,
    /// Whether the option is there.
    Flag,
    /// Whether files are written. It exists only where the user has allowed it.
    Write,
}

impl Tool {
    /// What the protocol tells about the tool.
    pub(super) fn declaration(&self, allows_write: bool) -> Value {
        let fields = || self.fields.iter().filter(|field| field.is_there(allows_write));
        let properties: Map<String, Value> =
            fields().map(|field| (field.name.to_owned(), field.schema())).collect();
        let required: Vec<&str> = fields().filter(|field| field.required).map(|field| field.name).collect();
        let writes = fields().any(|field| matches!(field.kind, FieldKind::Write));
        json!({
            "name": self.name,
            "description": self.about,
            "inputSchema": {
                "type": "object",
                "properties": properties,
                "required": required,
                "additionalProperties": false,
            },
            "outputSchema": {
                "type": "object",
                "properties": {
                    "exit_code": { "type": "integer", "description": "0: nothing to report; 1: findings, or what was asked to fail; 2: the input is wrong; 3: refused" },
                    "answer": { "description": "The answer of the command: its JSON, or its text" },
                    "notes": { "type": "string", "description": "What the command says beside its answer, with its assumptions" },
                },
                "required": ["exit_code", "answer", "notes"],
            },
            "annotations": {
                "readOnlyHint": !writes,
                "destructiveHint": writes,
                "idempotentHint": true,
                "openWorldHint": false,
            },
        })
    }
}

impl Field {
    pub(super) fn is_there(&self, allows_write: bool) -> bool {
        allows_write || !matches!(self.kind, FieldKind::Write)
    }

    fn schema(&self) -> Value {
        let mut schema = match self.kind {
            FieldKind::Policies => json!({ "type": "array", "items": policy(false) }),
            FieldKind::Policy => policy(false),
            FieldKind::Side => policy(true),
            FieldKind::Text => json!({ "type": "string" }),
            FieldKind::Texts => json!({ "type": "array", "items": { "type": "string" } }),
            FieldKind::Context => json!({
                "type": "object",
                "additionalProperties": { "type": "array", "items": { "type": "string" } },
            }),
            FieldKind::Flag | FieldKind::Write => json!({ "type": "boolean" }),
        };
        schema["description"] = self.about.into();
        schema
    }
}

fn policy(has_revision: bool) -> Value {
    let mut properties = json!({
        "path": { "type": "string", "description": "A file or folder below the working directory" },
        "text": { "type": "string", "description": "The text of a file, in place of `path`" },
        "name": { "type": "string", "description": "The file name of `text`; its end tells the format: .json, .jsonc, .tf, .md" },
    });
    if has_revision {
        properties["revision"] = json!({ "type": "string", "description": "The revision of git in which `path` is meant, such as `main`" });
    }
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

const fn field(name: &'static str, kind: FieldKind, option: &'static str, about: &'static str) -> Field {
    Field { name, kind, option, required: false, about }
}

const fn required(field: Field) -> Field {
    Field { required: true, ..field }
}

const POLICIES: Field =
    field("policies", FieldKind::Policies, "", "The policies, in any form that holds some");
const OWNER: Field = field("owner", FieldKind::Text, "--owner", "The uin of the root account");
const APP_ID: Field = field("app_id", FieldKind::Text, "--app-id", "The APPID of the account");
const CALLER: Field = field(
    "caller",
    FieldKind::Text,
    "--caller",
    "The caller: a uin, root, role:NAME, service:HOST, federated:PROVIDER or anonymous",
);
const RESOURCE_ABOUT: &str = "Six segments, as qcs::trtc::uin/100000000001:sdkappid/1400000001, or `*`";
const ERROR: Field = field(
    "error",
    FieldKind::Text,
    "--from-error",
    "The text with which CAM refused, from any SDK, console or log",
);

pub(super) const TOOLS: &[Tool] = &[
    Tool {
        name: "lint",
        about: "Finds what is wrong with policies, in JSON, Terraform, plans and Markdown, with places and fixes.",
        fields: &[
            required(POLICIES),
            field(
                "kind",
                FieldKind::Text,
                "--kind",
                "identity, bucket, trust, session, boundary or scp; by default what the policy tells",
            ),
            field(
                "persona",
                FieldKind::Text,
                "--persona",
                "regular: mistakes; pedantic: smells, too; auditor: also what may be no mistake",
            ),
        ],
        command: |_| &["lint", "--format=json"],
        reads_stdin: true,
    },
    Tool {
        name: "fix",
        about: "Mends findings whose fix is proved to keep access. Returns the new text of an inline policy, or the changes of files.",
        fields: &[
            required(field("policy", FieldKind::Policy, "", "The policy")),
            field(
                "unsafe",
                FieldKind::Flag,
                "--unsafe",
                "Also makes fixes that change access, and says what they change",
            ),
            field(
                "persona",
                FieldKind::Text,
                "--persona",
                "regular, pedantic or auditor: whose findings are mended",
            ),
            field("write", FieldKind::Write, "", "Writes the files; otherwise the changes are only shown"),
        ],
        command: |_| &["fix"],
        reads_stdin: true,
    },
    Tool {
        name: "check",
        about: "Decides whether policies allow a request, and says why and what would allow it.",
        fields: &[
            required(POLICIES),
            required(field("action", FieldKind::Text, "--action", "The action, as trtc:RemoveUser")),
            field("resource", FieldKind::Text, "--resource", RESOURCE_ABOUT),
            CALLER,
            field("ip", FieldKind::Text, "--ip", "The address of the caller"),
            field("time", FieldKind::Text, "--time", "The time of the request, such as 2026-06-01T12:00:00Z"),
            field("context", FieldKind::Context, "--context", "Other condition keys, each with its values"),
            field("boundary", FieldKind::Policies, "--boundary", "The permission boundary"),
            field("session", FieldKind::Policies, "--session", "The policy of the session"),
            field(
                "trust",
                FieldKind::Policies,
                "--trust",
                "The trust policy of the role that the caller wants to assume",
            ),
            OWNER,
            APP_ID,
        ],
        command: |_| &["check", "--format=json"],
        reads_stdin: false,
    },
    Tool {
        name: "explain",
        about: "Explains why CAM refused a call, from its error text, also by given policies; or explains a rule of the linter.",
        fields: &[
            ERROR,
            POLICIES,
            CALLER,
            OWNER,
            field(
                "rule",
                FieldKind::Text,
                "",
                "A rule of the linter, such as CAM101, in place of everything else",
            ),
        ],
        command: |input| {
            if input.contains_key("rule") { &["rule", "--format=json"] } else { &["check", "--format=json"] }
        },
        reads_stdin: false,
    },
    Tool {
        name: "query",
        about: "Looks up actions: granularity, access level, resource patterns, alternatives, source. Patterns such as trtc:Describe* work.",
        fields: &[
            field("actions", FieldKind::Texts, "", "Actions, or patterns of actions"),
            field("services", FieldKind::Texts, "--service", "Services, such as trtc"),
            field("levels", FieldKind::Texts, "--level", "Access levels: list, read, write, …"),
            field("granularity", FieldKind::Text, "--granularity", "resource or operation"),
            field("resource", FieldKind::Text, "--resource", "Only actions that this resource can limit"),
            field(
                "ip",
                FieldKind::Text,
                "--ip",
                "Whether a condition on the address is honoured: yes, no or unknown",
            ),
            field(
                "credentials",
                FieldKind::Text,
                "--credentials",
                "Whether the call returns credentials: yes, no or unknown",
            ),
            field(
                "text",
                FieldKind::Text,
                "--text",
                "A text in the name or description, in English or Chinese",
            ),
        ],
        command: |_| &["query", "--format=json"],
        reads_stdin: false,
    },
    Tool {
        name: "write",
        about: "Writes the policy that grants some calls, or access levels on resources, and nothing more.",
        fields: &[
            field("calls", FieldKind::Texts, "", "Calls: an action, or an action, a space and a resource"),
            ERROR,
            field(
                "resources",
                FieldKind::Texts,
                "--resource",
                "Resources on which everything of `levels` or `recipe` is granted",
            ),
            field("levels", FieldKind::Texts, "--level", "Access levels: list, read, write, …"),
            field("recipe", FieldKind::Text, "--recipe", "A task: cos-upload"),
            field(
                "operation_level",
                FieldKind::Flag,
                "--operation-level",
                "Grants the operation-level actions of the levels too, on every resource",
            ),
        ],
        command: |_| &["write", "--format=json"],
        reads_stdin: false,
    },
    Tool {
        name: "compare",
        about: "Lists who may newly do what by a change of policies, and what is lost, each with a request that shows it.",
        fields: &[
            required(field("before", FieldKind::Side, "", "The policies before the change")),
            required(field("after", FieldKind::Side, "", "The policies after the change")),
            field(
                "together",
                FieldKind::Flag,
                "--together",
                "Takes all policies of a side as those of one user",
            ),
            CALLER,
            OWNER,
            APP_ID,
        ],
        command: |_| &["compare", "--format=json"],
        reads_stdin: false,
    },
];
