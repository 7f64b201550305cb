//! Made-up catalogs of any size, in the canonical layout of `catalog.toml`.

use std::collections::BTreeMap;
use std::fmt::Write as _;

/// Name, English and Chinese words, access level.
const VERBS: [(&str, &str, &str, &str); 10] = [
    ("Bind", "Attaches", "绑定", "write"),
    ("Check", "Checks", "检查", "other"),
    ("Create", "Makes", "创建", "write"),
    ("Delete", "Removes", "删除", "write"),
    ("Describe", "Returns", "查看", "read"),
    ("Get", "Returns details of", "获取", "read"),
    ("List", "Lists", "列出", "list"),
    ("Modify", "Changes", "修改", "write"),
    ("Start", "Starts", "启动", "write"),
    ("Stop", "Stops", "停止", "write"),
];
const KINDS: [(&str, &str); 20] = [
    ("Account", "账号"),
    ("Active", "活跃"),
    ("Backup", "备份"),
    ("Billing", "计费"),
    ("Callback", "回调"),
    ("Cross", "跨域"),
    ("Custom", "自定义"),
    ("Default", "默认"),
    ("Device", "设备"),
    ("External", "外部"),
    ("Internal", "内部"),
    ("Monthly", "月度"),
    ("Network", "网络"),
    ("Online", "在线"),
    ("Private", "私有"),
    ("Public", "公共"),
    ("Regional", "地域"),
    ("Shared", "共享"),
    ("Telephone", "电话"),
    ("Video", "视频"),
];
const NOUNS: [(&str, &str); 20] = [
    ("Alarm", "告警"),
    ("Application", "应用"),
    ("Balance", "余额"),
    ("Bucket", "存储桶"),
    ("Certificate", "证书"),
    ("Channel", "频道"),
    ("Disk", "云硬盘"),
    ("Gateway", "网关"),
    ("Group", "分组"),
    ("Image", "镜像"),
    ("Instance", "实例"),
    ("Key", "密钥"),
    ("Member", "成员"),
    ("Number", "号码"),
    ("Package", "套餐包"),
    ("Recording", "录制"),
    ("Room", "房间"),
    ("Route", "路由"),
    ("Stream", "流"),
    ("Ticket", "工单"),
];
const OBJECTS: [(&str, &str, &str); 8] = [
    ("", "of an instance", ""),
    ("Attributes", "attributes, with the time of the last change", "属性及最近变更时间"),
    ("Batch", "in one batch of up to a hundred", "（一次最多一百个）"),
    ("Configuration", "configuration", "的配置"),
    ("Quota", "quota of the account", "的账号配额"),
    ("Records", "records of the past thirty days", "近三十天的记录"),
    ("Status", "status", "的状态"),
    ("Task", "task and what became of it", "任务及其结果"),
];
const PATTERNS: [(&str, &str, &str); 3] = [
    ("disk", "A cloud disk", "一块云硬盘"),
    ("image", "An image", "一个镜像"),
    ("instance", "An instance", "一个实例"),
];

/// A catalog of `actions` actions, about fifty a service: 22,000 make 455 services.
#[must_use]
pub(crate) fn synthetic(actions: usize) -> String {
    in_services(actions, (actions * 455).div_ceil(22_000))
}

/// A catalog of `actions` actions spread evenly over `services` services, of at least forty actions each.
#[must_use]
pub(crate) fn in_services(actions: usize, services: usize) -> String {
    let mut out = String::from("# Made up for benchmarks.\n");
    for service in 0..services {
        let count = actions * (service + 1) / services - actions * service / services;
        // The two ways in which source pages state their facts.
        let by_surface = service % 2 == 0;
        write_service(&mut out, &format!("svc{service:03}"), count, by_surface);
    }
    out
}

/// Writing to a string cannot fail.
macro_rules! line {
    ($out:expr, $($format:tt)*) => { let _ = writeln!($out, $($format)*); };
}

fn write_service(out: &mut String, id: &str, count: usize, by_surface: bool) {
    line!(out, "\n[service.{id}]");
    line!(out, "  name.en = \"Synthetic Service {}\"", &id[3..]);
    line!(out, "  name.zh = \"合成服务 {}\"", &id[3..]);
    line!(out, "  granularity = \"{}\"", if by_surface { "resource" } else { "operation" });
    if by_surface {
        line!(out, "  grouped_by = \"surface\"");
    }
    line!(out, "  console_access = true");
    if !by_surface {
        line!(out, "  tag_authorization = false\n  ip_restriction = \"partial\"");
    }
    line!(out, "  source.title = \"合成服务\"\n  source.read = 2026-11-21");
    if !by_surface {
        line!(
            out,
            "  note.granularity.en = \"The head of the page says operation level, its tables say otherwise.\""
        );
        line!(out, "  note.granularity.zh = \"页面开头写明为操作级，与其表格不符。\"");
    }
    for (name, en, zh) in PATTERNS {
        let placeholder = format!("{}{}Id", name[..1].to_uppercase(), &name[1..]);
        line!(out, "\n[service.{id}.pattern.{name}]");
        line!(out, "  single = \"qcs::{id}:${{region}}:uin/${{uin}}:{name}/${{{placeholder}}}\"");
        line!(out, "  all = \"qcs::{id}:${{region}}:uin/${{uin}}:{name}/*\"");
        line!(out, "  placeholder.{placeholder} = \"text\"");
        line!(out, "  description.en = \"{en} in a region, named by its {placeholder}.\"");
        line!(out, "  description.zh = \"某个地域下的{zh}，以 {placeholder} 标识。\"");
    }
    if by_surface {
        for name in ["configuration", "monitoring", "room_management"] {
            line!(
                out,
                "\n[service.{id}.category.{name}]\n  en = \"APIs for {name}\"\n  zh = \"{name} 相关接口\""
            );
        }
        for name in ["dashboard", "usage"] {
            line!(out, "\n[service.{id}.console_page.{name}]");
            line!(out, "  title.en = \"Console: {name}\"\n  title.zh = \"控制台：{name}\"");
            line!(out, "  url = \"https://console.cloud.tencent.com/{id}/{name}\"");
        }
        line!(out, "\n[service.{id}.restriction.no_resource_parameter]");
        line!(out, "  en = \"Its parameters carry no identifier of a resource.\"");
        line!(out, "  zh = \"请求参数中没有资源标识。\"");
    }

    // Names are sorted within each group, and groups stand in one piece.
    let mut groups: BTreeMap<usize, BTreeMap<String, String>> = BTreeMap::new();
    let mut alternative = None;
    for number in 0..count {
        let verb = VERBS[number % VERBS.len()];
        let (name, en, zh) = words(number);
        let operation = number % 10 * 7 % 10 < 3;
        let surface = if number / 3 % 2 == 0 { "server" } else { "console" };
        let granularity = if operation { "operation" } else { "resource" };
        let mut text = format!("\n[service.{id}.action.{name}]\n  granularity = \"{granularity}\"\n");
        if !operation {
            text.push_str(if number % 7 == 0 {
                "  patterns = [\n    \"disk\",\n    \"instance\",\n  ]\n"
            } else {
                ["  patterns = [\"disk\"]\n", "  patterns = [\"image\"]\n", "  patterns = [\"instance\"]\n"]
                    [number % 3]
            });
            alternative.get_or_insert_with(|| name.clone());
        }
        if by_surface {
            line!(text, "  surface = \"{surface}\"");
            if surface == "server" {
                let category = ["configuration", "monitoring", "room_management"][number / 6 % 3];
                line!(text, "  category = \"{category}\"");
                line!(text, "  doc_url = \"https://cloud.tencent.com/document/api/647/{}\"", 40_000 + number);
            } else {
                line!(text, "  console_pages = [\"{}\"]", ["dashboard", "usage"][number % 2]);
            }
            if let Some(alternative) = alternative.as_ref().filter(|_| operation) {
                line!(text, "  restriction = \"no_resource_parameter\"\n  alternative = \"{alternative}\"");
            }
        } else {
            line!(text, "  access_level = \"{}\"\n  ip_condition = {}", verb.3, number % 4 != 0);
        }
        line!(text, "  description.en = \"{en}\"\n  description.zh = \"{zh}\"");
        let group = if by_surface {
            2 * usize::from(operation) + usize::from(surface == "console")
        } else {
            ["write", "other", "read", "list"].iter().position(|level| *level == verb.3).unwrap_or(4)
        };
        groups.entry(group).or_default().insert(name, text);
    }
    for text in groups.values().flat_map(BTreeMap::values) {
        out.push_str(text);
    }
}

/// Name and descriptions of the action of this number, different for each of the first 32,000.
fn words(number: usize) -> (String, String, String) {
    let (verb, verb_en, verb_zh, _) = VERBS[number % 10];
    // 1,367 is coprime to 3,200: the numbers pass through all combinations, and no two neighbours look alike.
    let rest = number / 10 * 1_367 % 3_200;
    let (kind, kind_zh) = KINDS[rest % 20];
    let (noun, noun_zh) = NOUNS[rest / 20 % 20];
    let (object, object_en, object_zh) = OBJECTS[rest / 400];
    (
        format!("{verb}{kind}{noun}{object}"),
        format!("{verb_en} the {} {} {object_en}.", kind.to_lowercase(), noun.to_lowercase()),
        format!("{verb_zh}{kind_zh}{noun_zh}{object_zh}。"),
    )
}
