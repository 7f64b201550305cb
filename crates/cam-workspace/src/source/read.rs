//! Reads a file by its name.

use cam_policy::text::Span;

use super::embedded::{Embedded, Found, Unchecked, Unreadable};
use super::json::Flavor;
use super::{hcl, json, markdown};

/// The format of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// JSON, also with a policy inside of something else, and a text with an escaped or URL-encoded policy.
    Json,
    /// JSON with comments.
    Jsonc,
    /// Terraform in JSON syntax.
    TerraformJson,
    /// Terraform.
    Hcl,
    /// Markdown.
    Markdown,
}

impl Format {
    /// Returns the format of a file by its name; `None` if files of this name hold no policies.
    ///
    /// ```
    /// use cam_workspace::source::Format;
    ///
    /// assert_eq!(Format::of_name("iam/main.tf"), Some(Format::Hcl));
    /// assert_eq!(Format::of_name("src/main.rs"), None);
    /// ```
    pub fn of_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
        if ends(&[".tf.json"]) {
            Some(Self::TerraformJson)
        } else if ends(&[".json"]) {
            Some(Self::Json)
        } else if ends(&[".jsonc"]) {
            Some(Self::Jsonc)
        } else if ends(&[".tf", ".hcl"]) {
            Some(Self::Hcl)
        } else if ends(&[".md", ".markdown"]) {
            Some(Self::Markdown)
        } else {
            None
        }
    }

    /// Returns the format of a text without a name.
    ///
    /// ```
    /// use cam_workspace::source::Format;
    ///
    /// assert_eq!(Format::of_text("resource \"tencentcloud_cam_role\" \"app\" {}"), Format::Hcl);
    /// assert_eq!(Format::of_text("{\"version\": \"2.0\"}"), Format::Json);
    /// ```
    pub fn of_text(text: &str) -> Self {
        let first = text.trim_start_matches('\u{feff}').trim_start();
        let hcl = ["resource", "data", "locals", "module", "terraform", "provider", "variable", "output"];
        let word = first.split([' ', '"', '{', '\n']).next().unwrap_or_default();
        if first.starts_with(['{', '[', '"', '%', '\\']) {
            Self::Json
        } else if hcl.contains(&word) {
            Self::Hcl
        } else if text.contains("\n```") || text.starts_with("```") {
            Self::Markdown
        } else {
            Self::Json
        }
    }

    /// Whether comments of a file may hold suppressions.
    ///
    /// ```
    /// use cam_workspace::source::Format;
    ///
    /// assert!(Format::Hcl.has_comments() && !Format::Json.has_comments());
    /// ```
    pub fn has_comments(self) -> bool {
        matches!(self, Self::Jsonc | Self::Hcl | Self::Markdown)
    }
}

/// What is found in a file.
///
/// ```
/// use cam_workspace::source::Source;
///
/// let file = r#"
/// resource "tencentcloud_cam_policy" "rooms" {
///   name     = "rooms"
///   document = jsonencode({
///     version   = "2.0"
///     statement = [{ effect = "allow", action = ["trtc:*"], resource = ["qcs::trtc::uin/${var.uin}:sdkappid/*"] }]
///   })
/// }
/// "#;
/// let source = Source::read("main.tf", file);
/// let policy = &source.policies[0];
/// assert_eq!(policy.label, "tencentcloud_cam_policy.rooms");
/// assert_eq!(policy.unknown[0].expression, "${var.uin}");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Source {
    /// The format that the file was read in.
    pub format: Format,
    /// The policies, in the order of the text.
    pub policies: Vec<Embedded>,
    /// What may be a policy and cannot be checked.
    pub unchecked: Vec<Unchecked>,
    /// Why the file cannot be read.
    pub unreadable: Option<Unreadable>,
}

impl Source {
    /// Finds the policies of a text; `name` tells its format, or else the text itself.
    ///
    /// A text without a policy is no error: the list is empty.
    ///
    /// See [`Source`] for an example.
    #[must_use]
    pub fn read(name: &str, text: &str) -> Self {
        let format = Format::of_name(name).unwrap_or_else(|| Format::of_text(text));
        if u32::try_from(text.len()).is_err() {
            let message = "the file has more than 4 GiB".into();
            let unreadable = Some(Unreadable { span: Span::new(0, 0), message });
            return Self { format, policies: Vec::new(), unchecked: Vec::new(), unreadable };
        }
        let Found { policies, unchecked, unreadable } = match format {
            Format::Json => json::read(text, Flavor::Plain),
            Format::Jsonc => json::read(text, Flavor::Comments),
            Format::TerraformJson => json::read(text, Flavor::Terraform),
            Format::Hcl => hcl::read(text),
            Format::Markdown => markdown::read(text),
        };
        Self { format, policies, unchecked, unreadable }
    }
}
