//! The page `docs/coverage.md`: how much is known of each service, from which page, of which day.

use cam_policy::catalog::{Catalog, Granularity, Service};

use tencent_cam_codegen::markdown::{code, escape, link};

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
pub(crate) fn page(catalog: &Catalog<'_>) -> String {
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
        let counts = Counts::of(service);
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
        row.push(match service.complete {
            Some(true) => "yes / 是".to_owned(),
            Some(false) => "no / 否".to_owned(),
            None => String::new(),
        });
        rows.push(row);
    }
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

{table}"
    )
}
