//! `CAM127` and `CAM13x`: the region of a resource is none that Tencent Cloud lists.

use cam_policy::diagnostic::Element;
use cam_policy::text::{glob, nearest};

use crate::context::Context;
use crate::finding::Finding;
use crate::page;
use crate::rule::{Basis, Confidence, Persona, Rule, Severity, declare, policy, text};
use crate::rules::no_effect::is_misplaced;

/// What the rules of this file have in common.
const REGION: Rule = Rule {
    severity: Severity::Note,
    confidence: Confidence::Low,
    persona: Persona::Pedantic,
    good: policy!(
        "allow",
        r#""cvm:StopInstances""#,
        r#""qcs::cvm:ap-guangzhou:uin/100000000001:instance/*""#
    ),
    basis: page::RESOURCES,
    ..Rule::BASE
};

declare! {
    OLD_REGION = Rule {
        id: "CAM127",
        name: "old-region",
        summary: text("A resource names a region by its old short name", "资源使用了地域的旧简称"),
        why: text(
            "Old policies and live logs have `gz` beside `ap-guangzhou`. Whether CAM takes them for equal is not documented; here they are not.",
            "旧策略和现网日志中 `gz` 与 `ap-guangzhou` 并存。CAM 是否视二者相等未见文档说明，此处按不相等处理。",
        ),
        bad: policy!("allow", r#""cvm:StopInstances""#, r#""qcs::cvm:gz:uin/100000000001:instance/*""#),
        basis: Basis::Assumption(text("An old region name is not equal to the new one", "旧地域名与新地域名不相等")),
        ..REGION
    };
    MISSPELT_REGION = Rule {
        id: "CAM132",
        name: "misspelt-region",
        severity: Severity::Warning,
        confidence: Confidence::Medium,
        persona: Persona::Regular,
        summary: text(
            "A resource names a region that Tencent Cloud does not list, and that is spelt much like one that it lists",
            "资源的地域不在腾讯云的地域列表中，但与列表中的地域拼写相近",
        ),
        why: text(
            "CAM compares the region as text, so a slip in it makes the resource match nothing. A zone such as `ap-guangzhou-3`, a region without its continent, and a region of another cloud are such slips, too. Tencent adds regions: the finding is no proof that the region does not exist.",
            "CAM 按文本比较地域，拼写有误的资源不会匹配任何内容。写成可用区（如 `ap-guangzhou-3`）、缺少大洲前缀或写成其他云厂商的地域也属此类。腾讯云会新增地域，因此该提示并不证明地域不存在。",
        ),
        bad: policy!("allow", r#""cvm:StopInstances""#, r#""qcs::cvm:ap-gaungzhou:uin/100000000001:instance/*""#),
        cam_code: Some("InvalidParameter.ResourceRegionError"),
        basis: Basis::Assumption(text(
            "A region that no list of Tencent Cloud has, and that is close to a listed one, is a slip",
            "腾讯云的列表中没有、且与列表中地域相近的地域是笔误",
        )),
        ..REGION
    };
    UNKNOWN_REGION = Rule {
        id: "CAM133",
        name: "unknown-region",
        summary: text("A resource names a region that no known list has", "资源的地域不在已知的地域列表中"),
        why: text(
            "Tencent Cloud adds regions, and some products have their own. So the region may exist. If it does not, the resource matches nothing.",
            "腾讯云会新增地域，部分产品也有自己的地域，因此该地域可能存在。若不存在，该资源不会匹配任何内容。",
        ),
        bad: policy!("allow", r#""cvm:StopInstances""#, r#""qcs::cvm:ap-atlantis:uin/100000000001:instance/*""#),
        cam_code: Some("InvalidParameter.ResourceRegionError"),
        basis: Basis::Assumption(text(
            "A region that no list of Tencent Cloud has may be a slip",
            "腾讯云的列表中没有的地域可能是笔误",
        )),
        ..REGION
    };
}

/// The old short names of regions, and the new ones.
const OLD_REGIONS: [(&str, &str); 31] = [
    ("bj", "ap-beijing"),
    ("ca", "na-toronto"),
    ("cd", "ap-chengdu"),
    ("cn-east", "ap-shanghai"),
    ("cn-north", "ap-beijing"),
    ("cn-south", "ap-guangzhou"),
    ("cn-southwest", "ap-chengdu"),
    ("cq", "ap-chongqing"),
    ("de", "eu-frankfurt"),
    ("ger", "eu-frankfurt"),
    ("gz", "ap-guangzhou"),
    ("hk", "ap-hongkong"),
    ("in", "ap-mumbai"),
    ("jkt", "ap-jakarta"),
    ("jp", "ap-tokyo"),
    ("kr", "ap-seoul"),
    ("nj", "ap-nanjing"),
    ("osa", "ap-osaka"),
    ("ru", "eu-moscow"),
    ("sao", "sa-saopaulo"),
    ("sg", "ap-singapore"),
    ("sh", "ap-shanghai"),
    ("shjr", "ap-shanghai-fsi"),
    ("spg", "ap-singapore"),
    ("szjr", "ap-shenzhen-fsi"),
    ("th", "ap-bangkok"),
    ("tor", "na-toronto"),
    ("tpe", "ap-taipei"),
    ("tsn", "ap-tianjin"),
    ("use", "na-ashburn"),
    ("usw", "na-siliconvalley"),
];

/// The regions that lists of Tencent Cloud have or had, those of finance and of edge zones included. `ap-beijing-1` is
/// a region of COS. They are sorted.
const REGIONS: [&str; 41] = [
    "ap-bangkok",
    "ap-beijing",
    "ap-beijing-1",
    "ap-beijing-fsi",
    "ap-changsha-ec",
    "ap-chengdu",
    "ap-chongqing",
    "ap-fuzhou-ec",
    "ap-guangzhou",
    "ap-guangzhou-open",
    "ap-hangzhou-ec",
    "ap-hefei-ec",
    "ap-hongkong",
    "ap-jakarta",
    "ap-jinan-ec",
    "ap-mumbai",
    "ap-nanjing",
    "ap-osaka",
    "ap-qingyuan",
    "ap-seoul",
    "ap-shanghai",
    "ap-shanghai-adc",
    "ap-shanghai-fsi",
    "ap-shenyang-ec",
    "ap-shenzhen",
    "ap-shenzhen-fsi",
    "ap-shijiazhuang-ec",
    "ap-singapore",
    "ap-taipei",
    "ap-tianjin",
    "ap-tokyo",
    "ap-wuhan-ec",
    "ap-xian-ec",
    "ap-zhengzhou-ec",
    "eu-frankfurt",
    "eu-moscow",
    "me-saudi-arabia",
    "na-ashburn",
    "na-siliconvalley",
    "na-toronto",
    "sa-saopaulo",
];

/// Checks the regions of all resources.
pub(crate) fn check(context: &mut Context<'_>) {
    for resource in context.resources {
        let region = resource.segments[3];
        // The core reports regions with other characters.
        let of_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-*".contains(&byte);
        if !region.is_empty() && region.bytes().all(of_name) {
            check_region(context, resource.element, region);
        }
    }
}

fn check_region(context: &mut Context<'_>, element: Element, region: &str) {
    // What stands in the place of the region by mistake goes to its own place.
    let is_told = |one: &Finding| one.element == Some(element) && is_misplaced(one);
    if REGIONS.binary_search(&region).is_ok() || context.found.iter().any(is_told) {
        return;
    }
    if let Some((old, new)) = OLD_REGIONS.iter().find(|(old, _)| *old == region) {
        let finding = context.report(&OLD_REGION, element, || {
            format!("`{old}` is the old name of `{new}`; it is assumed that CAM does not take them for equal")
        });
        finding.map(|finding| finding.with_help(format!("write `{new}`")));
        return;
    }
    if region.contains('*') && REGIONS.iter().any(|known| glob(region, known)) {
        return;
    }
    if let Some((what, help)) = slip(region) {
        let finding = context.report(&MISSPELT_REGION, element, || {
            format!("no list of Tencent Cloud has the region `{region}`, {what}; if it does not exist, the resource matches nothing")
        });
        finding.map(|finding| finding.with_help(help));
        return;
    }
    let finding = context.report(&UNKNOWN_REGION, element, || {
        format!(
            "no known list of Tencent Cloud has the region `{region}`; it may be new, and if it does not exist, the \
             resource matches nothing"
        )
    });
    if let Some(finding) = finding {
        finding.with_help(match nearest(region, REGIONS.into_iter()).first() {
            Some(near) => format!("check the name; the nearest known region is `{near}`"),
            None => "check the name, or leave the region empty for every region".into(),
        });
    }
}

/// Says of a region that is most likely none what it looks like, and what to do.
fn slip(region: &str) -> Option<(String, String)> {
    let without_continent =
        REGIONS.iter().find(|known| known.split_once('-').is_some_and(|(_, name)| name == region));
    if let Some(known) = without_continent {
        return Some((format!("which is `{known}` without its continent"), format!("write `{known}`")));
    }
    let (stem, end) = region.rsplit_once('-')?;
    let is_number = !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && REGIONS.contains(&stem) {
        return Some((format!("which looks like a zone of `{stem}`"), format!("write `{stem}`")));
    }
    // `us-east-1`, `cn-hangzhou`
    let continent = region.split('-').next().unwrap_or_default();
    let foreign = is_number && FOREIGN_CONTINENTS.contains(&continent) || FOREIGN_REGIONS.contains(&region);
    if foreign {
        let help = "write one of Tencent Cloud, such as `ap-guangzhou`, or leave it empty for every region";
        return Some(("which looks like one of another cloud".into(), help.into()));
    }
    let known = REGIONS.into_iter().find(|known| is_slip(known, region))?;
    Some((format!("which differs little from `{known}`"), format!("check the name; did you mean `{known}`?")))
}

/// How the names of regions with a number at their end begin in other clouds.
const FOREIGN_CONTINENTS: [&str; 9] = ["af", "ap", "ca", "cn", "eu", "il", "me", "sa", "us"];

/// Regions of another cloud, whose names have no number.
const FOREIGN_REGIONS: [&str; 8] = [
    "cn-beijing",
    "cn-chengdu",
    "cn-guangzhou",
    "cn-hangzhou",
    "cn-hongkong",
    "cn-qingdao",
    "cn-shanghai",
    "cn-shenzhen",
];

/// Whether one inserted, deleted or replaced character, or two that are swapped, make one text of the other.
fn is_slip(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let start = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let (one, other) = (&one[start..], &other[start..]);
    match (one, other) {
        ([a, b, one @ ..], [c, d, other @ ..]) if a == d && b == c && one == other => true,
        _ => {
            let skipped = |text: &'_ [u8]| text.get(1..).unwrap_or_default().to_vec();
            skipped(one) == skipped(other) || skipped(one) == other || one == skipped(other)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_every_old_name_has_a_known_region() {
        assert!(REGIONS.is_sorted());
        assert!(OLD_REGIONS.is_sorted());
        for (_, new) in OLD_REGIONS {
            assert!(REGIONS.contains(&new), "{new}");
        }
    }

    #[test]
    fn one_slip_is_no_more_than_one() {
        for (one, other, is) in [
            ("ap-gaungzhou", "ap-guangzhou", true),
            ("ap-guangzho", "ap-guangzhou", true),
            ("ap-guangzhouu", "ap-guangzhou", true),
            ("ap-guangzhou", "ap-guongzhou", true),
            ("ap-atlantis", "ap-guangzhou", false),
            ("ap-nanjing", "ap-beijing", false),
        ] {
            assert_eq!(is_slip(one, other), is, "{one} {other}");
        }
    }
}
