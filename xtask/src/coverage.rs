//! The page `docs/coverage.md`: how much is known of each service, from which page, of which day.

use cam_policy::catalog::{Catalog, Granularity, Service, Word as _};

use tencent_cam_codegen::markdown::{code, escape, link};

use tencent_cam_codegen::Lists;

use crate::markdown::Table;
use crate::page::MARK;

/// The numbers of a service, or of all.
#[derive(Clone, Copy, Default)]
struct Counts {
    documented: usize,
    resource: usize,
    operation: usize,
    names: usize,
    patterns: usize,
}

impl Counts {
    fn of(service: &Service<'_>) -> Self {
        let count = |level| service.actions.iter().filter(|action| action.granularity == level).count();
        let (resource, operation) = (count(Granularity::Resource), count(Granularity::Operation));
        Self {
            documented: resource + operation,
            resource,
            operation,
            names: count(Granularity::Undocumented),
            patterns: service.patterns.len(),
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            documented: self.documented + other.documented,
            resource: self.resource + other.resource,
            operation: self.operation + other.operation,
            names: self.names + other.names,
            patterns: self.patterns + other.patterns,
        }
    }

    fn cells(self) -> [String; 5] {
        [self.documented, self.resource, self.operation, self.names, self.patterns]
            .map(|count| count.to_string())
    }
}

/// Returns the page.
pub(crate) fn page(catalog: &Catalog<'_>, lists: &Lists) -> String {
    let header = [
        "Service / 云产品",
        "In CAM / 简称",
        "Source / 来源",
        "Version / 版本",
        "Read / 读取",
        "Documented / 有文档",
        "Resource level / 资源级",
        "Operation level / 操作级",
        "Names only / 仅知名称",
        "Patterns / 六段式",
        "Complete / 完整",
    ];
    let mut total = Counts::default();
    let mut documented = 0;
    let mut rows: Vec<Vec<String>> = Vec::new();
    for service in catalog.services {
        let mut counts = Counts::of(service);
        counts.names += lists.services.get(service.id).map_or(0, |list| list.names.len());
        total = total.plus(counts);
        documented += usize::from(counts.documented > 0);
        let title = escape(service.source.title);
        let mut row = vec![
            format!("{} / {}", escape(service.name.en), escape(service.name.zh)),
            code(service.id),
            service.source.url.map_or(title.clone(), |url| link(&title, url)),
            service.source.dated.map(escape).unwrap_or_default(),
            escape(service.source.read),
        ];
        row.extend(counts.cells());
        row.push(yes_or_no(service.complete));
        rows.push(row);
    }
    let documented_ids: Vec<&str> = catalog.services.iter().map(|service| service.id).collect();
    let others = lists.services.iter().filter(|(id, _)| !documented_ids.contains(&id.as_str()));
    let mut listed: Vec<Vec<String>> = Vec::new();
    for (id, list) in others {
        total.names += list.names.len();
        let sdk: Vec<String> = list.sdk.iter().map(|name| code(name)).collect();
        let from = list
            .abbreviation_from
            .as_ref()
            .map_or_else(|| "assumed equal / 假定与 SDK 相同".to_owned(), |from| escape(from));
        let level = list.granularity.map(|level| {
            let label = level.entry().label;
            format!("{} / {}", label.0, label.1)
        });
        listed.push(vec![
            code(id),
            sdk.join(", "),
            list.names.len().to_string(),
            from,
            level.unwrap_or_default(),
            yes_or_no(list.console_access),
            yes_or_no(list.tag_authorization),
        ]);
    }
    let by_name = names(lists, listed);
    let mut last = vec![format!("{documented} services / {documented} 个产品")];
    last.extend(["", "", "", ""].map(str::to_owned));
    last.extend(total.cells());
    last.push(String::new());
    rows.push(last);
    let table = Table { header: header.map(str::to_owned).into(), rows };
    format!(
        "{MARK}

# What is known / 已知范围

A *documented* action stands in a permission page, with its granularity. Of an action with a *name only*, nothing else is
known: a grant on `*` is right whatever it turns out to be. Only where a list is *complete* is an action that is not in it
a mistake. An empty cell means unknown.

“有文档”指权限页面列出了该接口及其授权粒度；“仅知名称”的接口除名称外一无所知，在 `*` 上授权总是正确的；只有列表完整的产品，
列表之外的接口才算错误。空白表示不得而知。

{table}{by_name}"
    )
}

/// Returns the numbers of the page, for the README.
pub(crate) fn summary(catalog: &Catalog<'_>, lists: &Lists) -> String {
    let total = catalog.services.iter().map(Counts::of).fold(Counts::default(), Counts::plus);
    let documented = catalog.services.iter().filter(|service| Counts::of(service).documented > 0);
    let ids: Vec<String> = documented.map(|service| code(service.id)).collect();
    let complete = catalog.services.iter().filter(|service| service.complete == Some(true));
    let complete: Vec<String> = complete.map(|service| code(service.id)).collect();
    let names: usize = lists.services.values().map(|list| list.names.len()).sum();
    let services = lists.services.values().filter(|list| !list.names.is_empty()).count();
    let mut rows = vec![
        vec![format!("{} services with documented actions", ids.len()), ids.join(", ")],
        vec![
            format!("{} documented actions", total.documented),
            format!("{} resource level, {} operation level", total.resource, total.operation),
        ],
        vec![format!("{} complete lists", complete.len()), complete.join(", ")],
    ];
    if names + total.names > 0 {
        let source = if lists.source.is_empty() {
            String::new()
        } else {
            format!("; of {services} services: {}, read on {}", escape(&lists.source), escape(&lists.read))
        };
        rows.push(vec![
            format!("{} names only", names + total.names),
            format!("granularity unknown{source}"),
        ]);
    }
    let table = Table { header: vec!["What is known".to_owned(), String::new()], rows };
    format!("{table}")
}

fn yes_or_no(fact: Option<bool>) -> String {
    fact.map(|yes| if yes { "yes / 是" } else { "no / 否" }).unwrap_or_default().to_owned()
}

/// Returns the section of the services of which only names are known.
fn names(lists: &Lists, rows: Vec<Vec<String>>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let header = [
        "In CAM / 简称",
        "In the SDK / SDK 中名称",
        "Names / 名称",
        "Abbreviation from / 简称依据",
        "Product's granularity / 产品授权粒度",
        "Console / 控制台",
        "By tag / 按标签授权",
    ]
    .map(str::to_owned);
    let table = Table { header: header.into(), rows };
    let (source, read) = (escape(&lists.source), escape(&lists.read));
    format!(
        "
## Names only / 仅知名称的产品

From the package {source}, read on {read}. / 据软件包 {source}，读取日期：{read}。

The facts of a product stand in the document of its abbreviation. They say nothing of a single action. /
产品的授权信息与简称出自同一文档，并不说明单个接口的情况。

{table}"
    )
}
