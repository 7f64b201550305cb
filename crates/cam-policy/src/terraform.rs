//! Writes policies as Terraform configuration.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::{String, ToString};
use core::fmt::{self, Write as _};

use crate::policy::{Policy, PolicyKind, PrincipalKind};
use crate::text::{Shortened, debug_as_display, write_json_string};

/// The most characters of the name of a policy or role.
const LONGEST_NAME: usize = 128;

/// The most characters of the name of a bucket.
const LONGEST_BUCKET: usize = 60;

/// The most bytes of a description.
const LONGEST_DESCRIPTION: usize = 300;

impl Policy {
    /// Returns the policy as Terraform configuration in JSON syntax, for a file `….tf.json`.
    ///
    /// An identity policy becomes the resource `tencentcloud_cam_policy`, a role's trust policy
    /// `tencentcloud_cam_role`, and a bucket policy `tencentcloud_cos_bucket_policy`, all of Tencent's provider
    /// `tencentcloudstack/tencentcloud`. `label` names the resource within Terraform; `name` is the name of the
    /// policy or role in CAM, or of the bucket.
    ///
    /// A principal `"*"` is written `{"qcs": ["*"]}`, because the provider takes a map. `Sid` and `Id` are left out,
    /// because the provider compares the policy without them. Terraform reads `${…}` and `%{…}` as its own, so the
    /// policy's variables are written `$${uin}`; Terraform turns them back into `${uin}`.
    ///
    /// # Errors
    ///
    /// [`TerraformError`] if Terraform does not accept the label, or if name, description or policy exceed the limits
    /// of CAM or the provider. A bucket policy cannot have a description.
    ///
    /// ```
    /// use cam_policy::policy::Policy;
    ///
    /// let policy: Policy =
    ///     r#"{"version":"2.0","statement":[{"effect":"allow","action":["trtc:GetUserList"],"resource":["*"]}]}"#.parse()?;
    /// assert_eq!(
    ///     policy.to_terraform("rooms", "RoomReader", Some("Lists users"))?,
    ///     r#"{
    ///   "resource": {
    ///     "tencentcloud_cam_policy": {
    ///       "rooms": {
    ///         "name": "RoomReader",
    ///         "document": "{\"version\":\"2.0\",\"statement\":[{\"effect\":\"allow\",\"action\":[\"trtc:GetUserList\"],\"resource\":[\"*\"]}]}",
    ///         "description": "Lists users"
    ///       }
    ///     }
    ///   }
    /// }
    /// "#
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_terraform(
        &self,
        label: &str,
        name: &str,
        description: Option<&str>,
    ) -> Result<String, TerraformError> {
        let character = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
        let inner = |byte: u8| character(byte) || byte.is_ascii_digit() || byte == b'-';
        if !label.bytes().next().is_some_and(character) || !label.bytes().all(inner) {
            return Err(TerraformError::Label { label: label.into() });
        }
        let of_bucket = self.kind() == PolicyKind::Bucket;
        let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
        if of_bucket && !is_bucket(name) {
            return Err(TerraformError::Bucket { name: name.into() });
        }
        if !of_bucket && (name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(fits)) {
            return Err(TerraformError::Name { name: name.into() });
        }
        let (resource, name_key, policy_key) = match self.kind() {
            PolicyKind::Identity | PolicyKind::Session => ("tencentcloud_cam_policy", "name", "document"),
            PolicyKind::Trust => ("tencentcloud_cam_role", "name", "document"),
            PolicyKind::Bucket => ("tencentcloud_cos_bucket_policy", "bucket", "policy"),
        };
        let principals =
            self.principal().into_iter().chain(self.statements().iter().filter_map(|one| one.principal()));
        if let Some(root) = principals
            .flat_map(|principal| principal.names(PrincipalKind::Qcs))
            .find(|name| name.ends_with(":root"))
        {
            return Err(TerraformError::Root { principal: root.into() });
        }
        let length = self.len_for_cam();
        // CAM's limit does not apply to bucket policies.
        if length > Policy::LENGTH_LIMIT && !of_bucket {
            return Err(TerraformError::Length { length });
        }
        let mut out = format!(
            "{{\n  \"resource\": {{\n    \"{resource}\": {{\n      \"{label}\": {{\n        \"{name_key}\": \"{name}\",\n        \
             \"{policy_key}\": {}",
            Quoted(&document(&self.for_provider().to_string()))
        );
        if let Some(description) = description {
            if of_bucket {
                return Err(TerraformError::BucketDescription);
            }
            // Terraform cannot tell a template that holds these from one that has escaped them.
            if description.len() > LONGEST_DESCRIPTION
                || description.contains("$${")
                || description.contains("%%{")
            {
                return Err(TerraformError::Description { description: description.into() });
            }
            let escaped = description.replace("${", "$${").replace("%{", "%%{");
            let _ = write!(out, ",\n        \"description\": {}", Quoted(&escaped));
        }
        out.push_str("\n      }\n    }\n  }\n}\n");
        Ok(out)
    }
}

/// Whether the provider accepts a name as the name of a bucket: `examplebucket-1250000000`.
fn is_bucket(name: &str) -> bool {
    let inner = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.len() <= LONGEST_BUCKET
        && name.rsplit_once('-').is_some_and(|(bucket, appid)| {
            let closed = !bucket.is_empty() && !bucket.starts_with('-') && !bucket.ends_with('-');
            closed
                && bucket.bytes().all(inner)
                && appid.len() == 10
                && appid.bytes().all(|byte| byte.is_ascii_digit())
        })
}

/// Returns the policy's JSON as a template of Terraform.
///
/// A `$` before an escaped `$${` would become part of it. JSON can write that `$` as an escape.
fn document(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut characters = json.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, characters.peek()) {
            ('$' | '%', Some('{')) => out.extend([character, character]),
            ('$', Some('$')) => out.push_str("\\u0024"),
            ('%', Some('%')) => out.push_str("\\u0025"),
            _ => out.push(character),
        }
    }
    out
}

/// Returns a text in the form that a JSON string holds.
struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_json_string(f, self.0)
    }
}

/// Error from `to_terraform`.
///
/// ```
/// use cam_policy::policy::{ActionPattern, Effect, Policy, ResourcePattern, Statement};
/// use cam_policy::terraform::TerraformError;
///
/// let statement = Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]);
/// let policy = Policy::new([statement])?;
/// let error = policy.to_terraform("all", "the whole account", None).unwrap_err();
/// assert_eq!(error, TerraformError::Name { name: "the whole account".into() });
/// assert_eq!(
///     error.to_string(),
///     "\"the whole account\" is no name of a policy or role: CAM takes 1 to 128 letters, digits and `+=,.@_-`"
/// );
/// # Ok::<(), cam_policy::policy::BuildError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TerraformError {
    /// The label is not an identifier of Terraform.
    Label {
        /// The label.
        label: Box<str>,
    },
    /// CAM does not accept the name.
    Name {
        /// The name.
        name: Box<str>,
    },
    /// The description is too long, or holds `$${` or `%%{`, which Terraform cannot express.
    Description {
        /// The description.
        description: Box<str>,
    },
    /// The policy is longer than CAM accepts.
    Length {
        /// The number of characters that CAM counts.
        length: usize,
    },
    /// A principal is `…:root`, which the provider does not accept.
    Root {
        /// The principal.
        principal: Box<str>,
    },
    /// The policy is a bucket policy, and the name is not the name of a bucket.
    Bucket {
        /// The name.
        name: Box<str>,
    },
    /// The policy is a bucket policy, which cannot have a description.
    BucketDescription,
}

impl fmt::Display for TerraformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Label { label } => write!(
                f,
                "{:?} cannot name a resource of Terraform: write ASCII letters, digits, `_` and `-`, a letter or `_` first",
                Shortened(label)
            ),
            Self::Name { name } => write!(
                f,
                "{:?} is no name of a policy or role: CAM takes 1 to {LONGEST_NAME} letters, digits and `+=,.@_-`",
                Shortened(name)
            ),
            Self::Description { description } => write!(
                f,
                "the description {:?} is not possible: CAM takes {LONGEST_DESCRIPTION} bytes, and Terraform cannot \
                 express `$${{` or `%%{{`",
                Shortened(description)
            ),
            Self::Length { length } => write!(
                f,
                "the policy has {length} characters, CAM takes {}: make several of it, see `Policy::split`",
                Policy::LENGTH_LIMIT
            ),
            Self::Root { principal } => write!(
                f,
                "the principal {:?} says `root`, which Tencent's provider does not take: write the uin it stands for",
                Shortened(principal)
            ),
            Self::Bucket { name } => write!(
                f,
                "{:?} is no name of a bucket, and the policy is that of one: write lower-case letters, digits and `-`, and the \
                 APPID at the end, as in `examplebucket-1250000000`",
                Shortened(name)
            ),
            Self::BucketDescription => f.write_str("the policy of a bucket has no description: leave it out"),
        }
    }
}

debug_as_display!(TerraformError);

impl core::error::Error for TerraformError {}
