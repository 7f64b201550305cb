//! The words of the permission pages, each in both languages.

use cam_policy::catalog::{AccessLevel, Entry, Facts, Granularity, Group, Text, Word};

/// A language of the pages.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Language {
    English,
    Chinese,
}

impl Language {
    pub(crate) const ALL: [Self; 2] = [Self::English, Self::Chinese];

    pub(crate) fn code(self) -> &'static str {
        self.pick("en", "zh")
    }

    pub(crate) fn pick<'t>(self, english: &'t str, chinese: &'t str) -> &'t str {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }

    pub(crate) fn of<'t>(self, text: &Text<'t>) -> &'t str {
        self.pick(text.en, text.zh)
    }

    /// Returns the words of the pages for the fact under this key of an item.
    pub(crate) fn label<'c, I: Facts<'c>>(self, key: &str) -> &str {
        // Every item has a name, but only services have a key for it.
        let label =
            if key == "name" { Some(("Name", "名称")) } else { I::fact(key).map(|fact| fact.label) };
        label.map_or(key, |(english, chinese)| self.pick(english, chinese))
    }

    /// Returns `label: text`.
    pub(crate) fn labelled(self, label: &str, text: &str) -> String {
        format!("{label}{}{text}", self.pick(": ", "："))
    }

    pub(crate) fn support(self, supported: Option<bool>) -> &'static str {
        match supported {
            Some(true) => self.pick("supported", "支持"),
            Some(false) => self.pick("not supported", "不支持"),
            None => self.pick("unknown", "未知"),
        }
    }

    pub(crate) fn yes(self, flag: bool) -> &'static str {
        if flag { self.pick("yes", "是") } else { self.pick("no", "否") }
    }

    /// Returns the words of the pages for a word of the catalog.
    pub(crate) fn word(self, entry: &Entry) -> &'static str {
        self.pick(entry.label.0, entry.label.1)
    }

    pub(crate) fn access_level(self, level: Option<AccessLevel>) -> &'static str {
        match level {
            Some(level) => self.word(level.entry()),
            None => self.pick("Operations of unknown access level", "操作类型未知的接口"),
        }
    }

    pub(crate) fn heading(self, group: Group) -> String {
        match group {
            Group::AccessLevel(level) => self.access_level(level).to_owned(),
            Group::Undocumented => self
                .pick("Actions whose granularity is not documented", "授权粒度未见文档说明的接口")
                .to_owned(),
            Group::Surface(granularity, surface) => {
                let level = match granularity {
                    Granularity::Resource => self.pick("Resource-level actions: ", "资源级接口："),
                    _ => self.pick("Operation-level actions: ", "操作级接口："),
                };
                let surface = match surface {
                    Some(surface) => self.word(surface.entry()),
                    None => self.pick("server or console API unknown", "服务端或控制台 API 未知"),
                };
                format!("{level}{surface}")
            }
        }
    }

    /// Returns the section that explains the levels. It is the same for every service.
    pub(crate) fn levels(self) -> &'static str {
        self.pick(LEVELS_EN, LEVELS_ZH)
    }
}

const LEVELS_EN: &str = "\
## What the levels mean

CAM authorizes a product at one of three levels:

- **Service level**: all of it or nothing. Its actions cannot be granted one by one.
- **Operation level**: action by action, but always for every resource.
- **Resource level**: action by action, and some actions also resource by resource. One such action makes the
  whole product count as resource level.

A single action is at one of two. For a **resource-level** action the product tells CAM which resource the call is
about. For an **operation-level** action it hands CAM a `*`, whatever the call is about.

> [!WARNING]
> A statement that names a resource never matches an operation-level action: its allow grants nothing, and CAM does not
> say so. That its deny denies nothing either is not documented in as many words; it follows from the same mechanism.

Action names and resource types are written exactly as here, upper and lower case too: whether CAM tells them apart is
not documented.
";

const LEVELS_ZH: &str = "\
## 各级别的含义

云产品的授权粒度有三级：

- **服务级**：要么授予整个产品，要么完全不授予，无法单独授予某个接口。
- **操作级**：可以逐个接口授权，但总是针对全部资源。
- **资源级**：可以逐个接口授权，其中部分接口还能限定到具体资源。只要有一个这样的接口，整个产品即算资源级。

单个接口只分两级。调用**资源级**接口时，产品会告诉 CAM 所涉及的是哪个资源；调用**操作级**接口时，无论涉及什么，产品交给 CAM 的都是 `*`。

> [!WARNING]
> 写明具体资源的语句永远匹配不到操作级接口：其中的 allow 不授予任何权限，而且 CAM 不会给出提示。deny 同样不禁止任何操作，这一点文档没有明说，由同一机制推出。

接口名和资源类型须与此处完全一致，包括大小写：CAM 是否区分大小写，文档没有说明。
";
