//! `CAM15x` and `CAM24x`: resources of COS that name other buckets or objects than they seem to, or none.

use cam_policy::diagnostic::Element;
use cam_policy::policy::Statement;
use cam_policy::values::{bucket_owner, is_app_id};

use crate::context::{Context, Resource};
use crate::rule::{Basis, Confidence, FixSafety, Persona, Rule, Severity, declare, policy, text};

/// What the rules of this file have in common.
const BUCKETS: Rule = Rule {
    confidence: Confidence::Medium,
    persona: Persona::Pedantic,
    basis: Basis::Documented("https://cloud.tencent.com/document/product/436/12473"),
    ..Rule::BASE
};

declare! {
    BUCKET_WITHOUT_APPID = Rule {
        id: "CAM150",
        name: "bucket-without-appid",
        persona: Persona::Regular,
        summary: text("The name of a bucket lacks the APPID of its owner", "存储桶名称缺少所有者的 APPID"),
        why: text(
            "The name of a COS bucket ends in `-` and the APPID of its owner. A name without them matches no bucket.",
            "COS 存储桶名称以 `-` 和所有者的 APPID 结尾。缺少它们的名称不会匹配任何存储桶。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos/*""#),
        good: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*""#),
        ..BUCKETS
    };
    PREFIX_WITHOUT_STAR = Rule {
        id: "CAM151",
        name: "prefix-without-star",
        summary: text(
            "A resource ends in `/` where the objects of a folder are probably meant",
            "资源以 `/` 结尾，可能原本想指定文件夹中的对象",
        ),
        why: text(
            "A COS resource without `*` names one object. The key `docs/` is that of the empty object by which the console shows a folder, and no object in the folder has it.",
            "不含 `*` 的 COS 资源只表示一个对象。对象键 `docs/` 是控制台用来显示文件夹的空对象，文件夹中的对象不使用该键。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/docs/""#),
        good: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/docs/*""#),
        ..BUCKETS
    };
    NO_BUCKET = Rule {
        id: "CAM152",
        name: "no-bucket",
        persona: Persona::Regular,
        severity: Severity::Error,
        summary: text("A COS resource has a `/` before the name of its bucket", "COS 资源的存储桶名称前有多余的 `/`"),
        why: text(
            "A COS resource is `bucket-APPID/key`. What begins with `/` has no bucket before the first `/`, and matches nothing.",
            "COS 资源写作 `存储桶名称-APPID/对象键`。以 `/` 开头时第一个 `/` 之前没有存储桶名称，不会匹配任何内容。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:/photos-1250000000/*""#),
        good: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*""#),
        ..BUCKETS
    };
    KEY_WITH_SLASH = Rule {
        id: "CAM153",
        name: "key-with-slash",
        severity: Severity::Note,
        summary: text("The key of a COS object begins with `/`", "COS 对象键以 `/` 开头"),
        why: text(
            "Between bucket and key stands one `/`. With two, the key itself begins with `/`, which few objects have: `docs/a.txt` is not among them.",
            "存储桶与对象键之间只有一个 `/`。写两个时对象键本身以 `/` 开头，这样的对象很少，`docs/a.txt` 不在其中。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000//docs/*""#),
        good: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/docs/*""#),
        ..BUCKETS
    };
    UIN_ACCOUNT = Rule {
        id: "CAM154",
        name: "uin-account",
        persona: Persona::Regular,
        severity: Severity::Error,
        summary: text(
            "A COS resource names its account by uin, and COS uses the APPID",
            "COS 资源用账号 ID（uin）表示账号，而 COS 使用 APPID",
        ),
        why: text(
            "The account of a COS resource is `uid/` and the APPID of the bucket's owner, or empty for your own. It is assumed that `uin/` never matches there: an allow grants nothing, and a deny denies nothing.",
            "COS 资源的账号段为 `uid/` 加存储桶所有者的 APPID，留空表示自己的账号。此处假设 `uin/` 在 COS 中永远不会匹配：allow 不授予任何权限，deny 不拒绝任何请求。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uin/100000000001:photos-1250000000/*""#),
        good: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:photos-1250000000/*""#),
        basis: Basis::Assumption(text("`uin/` never matches in a resource of COS", "`uin/` 在 COS 资源中永远不会匹配")),
        fix: FixSafety::Either,
        ..BUCKETS
    };
    ANY_BUCKET_OWNER = Rule {
        id: "CAM240",
        name: "any-bucket-owner",
        severity: Severity::Note,
        summary: text("A COS resource names every account as the owner", "COS 资源的账号段写成了所有账号"),
        why: text(
            "`uid/*` stands for the APPID of every account, so buckets of others that share them are included. An empty account is your own.",
            "`uid/*` 表示所有账号的 APPID，因此也包括其他账号共享的存储桶。账号段留空表示自己的账号。",
        ),
        bad: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/*:*""#),
        good: policy!("allow", r#""cos:GetObject""#, r#""qcs::cos:ap-guangzhou:uid/1250000000:*""#),
        basis: Basis::Assumption(text("CAM takes the `*` of `uid/*` as a wildcard", "CAM 将 `uid/*` 中的 `*` 视为通配符")),
        ..BUCKETS
    };
}

/// Checks the resources of every statement.
pub(crate) fn check(context: &mut Context<'_>) {
    for resource in context.resources {
        let Resource { statement, element, text, segments: [_, _, "cos", _, account, last] } = *resource
        else {
            continue;
        };
        if account == "uid/*" {
            let finding = context.report(&ANY_BUCKET_OWNER, element, || {
                    "`uid/*` includes the buckets of every account; it is assumed that CAM takes its `*` as a wildcard"
                        .into()
                });
            finding
                .map(|finding| finding.with_help("write the APPID, or leave the account empty for your own"));
        }
        if account.starts_with("uin/") {
            uin_account(context, element, text, account, last);
        }
        // The old form: `prefix//1250000000/bucket/key`.
        if last.starts_with("prefix/") {
            continue;
        }
        let Some((bucket, key)) = last.split_once('/') else { continue };
        if bucket.is_empty() {
            let finding = context.report(&NO_BUCKET, element, || {
                format!("`{last}` has no bucket before its first `/`: it matches nothing")
            });
            finding.map(|finding| finding.with_help(format!("write `{}`", last.trim_start_matches('/'))));
            continue;
        }
        if key.starts_with('/') {
            let finding = context.report(&KEY_WITH_SLASH, element, || {
                format!("the key `{key}` begins with `/`, and the keys of objects seldom do")
            });
            finding.map(|finding| {
                finding
                    .with_help(format!("write `{bucket}/{}` if it is not meant", key.trim_start_matches('/')))
            });
        }
        if lacks_appid(bucket) {
            let finding = context.report(&BUCKET_WITHOUT_APPID, element, || {
                format!("no bucket is called `{bucket}`: its name lacks `-` and the APPID of its owner")
            });
            let app_id = account.strip_prefix("uid/").filter(|id| is_app_id(id)).unwrap_or("APPID");
            finding.map(|finding| finding.with_help(format!("write `{bucket}-{app_id}/{key}`")));
        }
        if key.ends_with('/') && !key.contains('*') && !has_all_under(statement, text) {
            let finding = context.report(&PREFIX_WITHOUT_STAR, element, || {
                format!("`{key}` is the key of one object, and not a prefix of keys")
            });
            finding.map(|finding| {
                finding.with_help(format!("write `{key}*` if the objects of this folder are meant"))
            });
        }
    }
}

/// Reports an account that is named as in resources of other products.
fn uin_account(context: &mut Context<'_>, element: Element, resource: &str, account: &str, last: &str) {
    let span = context.span(element);
    let finding = context.report(&UIN_ACCOUNT, element, || {
        format!(
            "COS names accounts by APPID, as `uid/1250000000`; it is assumed that `{account}` matches nothing there"
        )
    });
    let Some(finding) = finding else { return };
    let Some(owner) = bucket_owner(last) else {
        finding.with_help(
            "write `uid/` and the APPID of the bucket's owner, or leave the account empty for your own",
        );
        return;
    };
    finding.with_help(format!("write `uid/{owner}`: the name of the bucket has the APPID of its owner"));
    finding.with_string(span, &resource.replacen(account, &format!("uid/{owner}"), 1));
}

/// Whether a name can be that of a bucket but for the APPID. Variables, wildcards and domains cannot.
fn lacks_appid(bucket: &str) -> bool {
    let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let owner = bucket.rsplit_once('-').map_or("", |(_, owner)| owner);
    !bucket.is_empty() && bucket.bytes().all(is_name) && !is_app_id(owner)
}

/// Whether the statement also names what is under a folder.
fn has_all_under(statement: &Statement, folder: &str) -> bool {
    statement.resources().iter().any(|other| other.as_str().strip_suffix('*') == Some(folder))
}
