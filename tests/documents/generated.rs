// What `to_rust` writes for the documents beside this file. Renewed by `BLESS=1`.

type Built = Result<tencent_cam::Policy, Box<dyn std::error::Error>>;

pub const ALL: &[(&str, fn() -> Built)] = &[
    ("ccc_and_trtc", ccc_and_trtc::policy),
    ("ccc_by_tag", ccc_by_tag::policy),
    ("ccc_everywhere_from_the_office", ccc_everywhere_from_the_office::policy),
    ("ccc_in_a_region", ccc_in_a_region::policy),
    ("ccc_one_application", ccc_one_application::policy),
    ("ccc_read_only", ccc_read_only::policy),
    ("ccc_without_uin", ccc_without_uin::policy),
    ("cos_bucket", cos_bucket::policy),
    ("cos_lengths", cos_lengths::policy),
    ("cos_old_bucket", cos_old_bucket::policy),
    ("cos_own_folder", cos_own_folder::policy),
    ("cos_prefix", cos_prefix::policy),
    ("cos_public", cos_public::policy),
    ("cvm_by_tag", cvm_by_tag::policy),
    ("cvm_operations", cvm_operations::policy),
    ("everything", everything::policy),
    ("mfa_or_nothing", mfa_or_nothing::policy),
    ("old_operation_set", old_operation_set::policy),
    ("sms_words", sms_words::policy),
    ("trtc_all_applications_but_one", trtc_all_applications_but_one::policy),
    ("trtc_both_levels_everywhere", trtc_both_levels_everywhere::policy),
    ("trtc_every_account", trtc_every_account::policy),
    ("trtc_full_access", trtc_full_access::policy),
    ("trtc_in_the_office", trtc_in_the_office::policy),
    ("trtc_odd_addresses", trtc_odd_addresses::policy),
    ("trtc_one_application", trtc_one_application::policy),
    ("trtc_operation_level", trtc_operation_level::policy),
    ("trtc_operation_level_on_a_resource", trtc_operation_level_on_a_resource::policy),
    ("trtc_read_only", trtc_read_only::policy),
    ("trtc_two_accounts", trtc_two_accounts::policy),
    ("trust_accounts", trust_accounts::policy),
    ("trust_provider", trust_provider::policy),
    ("trust_service", trust_service::policy),
    ("vpc_region", vpc_region::policy),
];

pub mod ccc_and_trtc {
    use tencent_cam::{
        ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement, Uin, ccc, trtc,
    };

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let owner = Uin::new(100000000001)?;
        // statement 2: "qcs::trtc::uin/100000000001:sdkappid/1400000001" is a resource of `trtc`, and
        // `ccc:CreateStaff` takes those of `ccc`: it matches nothing: write one like
        // `qcs::ccc::uin/<uin>:SdkAppId/<SdkAppId>`
        let policy = PolicyBuilder::new()
            .allow_everywhere((ccc::Action::CreateStaff, trtc::Action::GetUserList))
            .allow(ccc::Application::id(owner, 1400000001), [ccc::Action::CreateStaff])
            .statement(Statement::new(
                Effect::Deny,
                ["ccc:CreateStaff".parse::<ActionPattern>()?],
                ["qcs::trtc::uin/100000000001:sdkappid/1400000001".parse::<ResourcePattern>()?],
            ))
            .keep_without_effect()
            .build()?;
        Ok(policy)
    }
}

pub mod ccc_by_tag {
    use tencent_cam::{Policy, PolicyBuilder, Uin, ccc, key};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let owner = Uin::new(100000000001)?;
        let policy = PolicyBuilder::new()
            .allow_if(
                ccc::Application::all(owner),
                [ccc::Action::CreateStaff],
                (
                    key::RESOURCE_TAG.any_of([
                        key::Tag::new("team", "support")?,
                        key::Tag::new("team", "sales")?,
                    ]),
                    key::REQUEST_TAG.only([key::Tag::new("env", "test")?]),
                ),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod ccc_everywhere_from_the_office {
    use tencent_cam::{Policy, PolicyBuilder, ccc, key};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .allow_everywhere_if(
                (ccc::Action::CreateIVR, ccc::Action::CreateStaff),
                key::SOURCE_IP.within(["10.0.0.0/8".parse::<key::IpNet>()?]),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod ccc_in_a_region {
    use tencent_cam::{Policy, PolicyBuilder, Region, Uin, ccc};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let owner = Uin::new(100000000001)?;
        let policy = PolicyBuilder::new()
            .allow(
                [
                    ccc::RegionalApplication::id(owner, Region::new("ap-guangzhou")?, 1400000001)?,
                    ccc::RegionalApplication::all(owner, Region::every()),
                ],
                [ccc::Action::DestroyNumberResource],
            )
            .build()?;
        Ok(policy)
    }
}

pub mod ccc_one_application {
    use tencent_cam::{Policy, PolicyBuilder, Uin, ccc};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let owner = Uin::new(100000000001)?;
        let policy = PolicyBuilder::new()
            .allow(
                ccc::Application::id(owner, 1400000001),
                [ccc::Action::CreateStaff, ccc::Action::DeleteStaff],
            )
            .build()?;
        Ok(policy)
    }
}

pub mod ccc_read_only {
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        // statement 0: `ccc:List*` matches no action of `ccc`, whose actions the catalog lists in full:
        // this allow grants nothing by it: remove it, or write the name of an action
        let policy = PolicyBuilder::new()
            .statement(Statement::new(
                Effect::Allow,
                ["ccc:Describe*".parse::<ActionPattern>()?, "ccc:List*".parse::<ActionPattern>()?],
                [ResourcePattern::ALL],
            ))
            .statement(Statement::new(
                Effect::Deny,
                ["ccc:DescribeStaff*".parse::<ActionPattern>()?],
                ["qcs::ccc::uin/100000000001:SdkAppId/*".parse::<ResourcePattern>()?],
            ))
            .keep_without_effect()
            .build()?;
        Ok(policy)
    }
}

pub mod ccc_without_uin {
    use tencent_cam::{Policy, PolicyBuilder, ccc};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .allow(
                ccc::ApplicationWithoutUin::id(1400000001),
                [ccc::Action::DescribeActiveCarrierPrivilegeNumber],
            )
            .build()?;
        Ok(policy)
    }
}

pub mod cos_bucket {
    use tencent_cam::policy::{Comparison, Condition, ConditionValue, Principal, PrincipalKind};
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement, key};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(
                Statement::new(
                    Effect::Deny,
                    ["cos:DeleteObject".parse::<ActionPattern>()?],
                    [
                        "qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/*".parse::<ResourcePattern>()?,
                    ],
                )
                .for_principal(Principal::Named(vec![
                    (PrincipalKind::Qcs, vec!["qcs::cam::uin/100000000001:uin/100000000002".into()]),
                    (PrincipalKind::Service, vec!["cdn.cloud.tencent.com".into()]),
                ]))
                .with_condition(key::Key::new("cos:prefix")?.not_equals(["logs/"]))
                .with_condition(key::Key::number("cos:content-length")?.greater_than(1024))
                .with_condition(Condition::unchecked(
                    Comparison::NumericEqual.into(),
                    "cos:tls-version",
                    [ConditionValue::Text("1.2".into()), ConditionValue::Number("1.2".into())],
                ))
                .with_condition(key::MFA.is_absent()),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod cos_lengths {
    use tencent_cam::policy::{Comparison, Condition, ConditionValue};
    use tencent_cam::{Policy, PolicyBuilder, cos, key};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .allow_everywhere_if(
                [cos::Action::PutObject],
                (
                    key::Key::number("cos:content-length")?.at_most(
                        "8589934592".parse::<key::Decimal>()?,
                    ),
                    key::Key::number("cos:content-length")?.greater_than(0).if_exist(),
                    Condition::unchecked(
                        Comparison::NumericNotEqual.into(),
                        "cos:content-length",
                        [ConditionValue::Text("7".into())],
                    ),
                ),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod cos_old_bucket {
    use tencent_cam::policy::{Principal, PrincipalKind};
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        // statement 0: "qcs:id/0:cos:sg:uid/1250000000:prefix//1250000000/examplebucket/*" names the
        // project `id/0`, and policies must leave that segment empty today; it is assumed that an old
        // policy with it matches requests of this project alone:
        // `qcs::cos:sg:uid/1250000000:prefix//1250000000/examplebucket/*` means the resource; it is
        // assumed that an empty project matches every project
        let policy = PolicyBuilder::new()
            .principal(Principal::new(
                PrincipalKind::Qcs,
                ["qcs::cam::uin/100000000001:uin/100000000002"],
            ))
            .statement(Statement::new(
                Effect::Allow,
                ["cos:GetObject".parse::<ActionPattern>()?],
                [
                    "qcs:id/0:cos:sg:uid/1250000000:prefix//1250000000/examplebucket/*".parse::<ResourcePattern>()?,
                ],
            ))
            .build()?;
        Ok(policy)
    }
}

pub mod cos_own_folder {
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement, key};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(
                Statement::new(
                    Effect::Allow,
                    ["cos:*".parse::<ActionPattern>()?],
                    [
                        "qcs::cos::uid/1250000000:examplebucket-1250000000/${uin}/*".parse::<ResourcePattern>()?,
                    ],
                )
                .with_condition(key::CREATE_UIN.equals(["${uin}"])),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod cos_prefix {
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(Statement::new(
                Effect::Allow,
                [
                    "cos:GetObject".parse::<ActionPattern>()?,
                    "cos:HeadObject".parse::<ActionPattern>()?,
                    "cos:Put*".parse::<ActionPattern>()?,
                ],
                [
                    "qcs::cos:ap-beijing:uid/1250000000:examplebucket-1250000000/photos/*".parse::<ResourcePattern>()?,
                ],
            ))
            .build()?;
        Ok(policy)
    }
}

pub mod cos_public {
    use tencent_cam::policy::Principal;
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(
                Statement::new(
                    Effect::Allow,
                    ["cos:GetObject".parse::<ActionPattern>()?],
                    [
                        "qcs::cos:ap-guangzhou:uid/1250000000:examplebucket-1250000000/*".parse::<ResourcePattern>()?,
                    ],
                )
                .for_principal(Principal::All),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod cvm_by_tag {
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement, key};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(
                Statement::new(
                    Effect::Allow,
                    ["cvm:*".parse::<ActionPattern>()?, "vpc:DescribeVpcEx".parse::<ActionPattern>()?],
                    [ResourcePattern::ALL],
                )
                .with_condition(key::RESOURCE_TAG.any_of([key::Tag::new("game", "webpage")?])),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod cvm_operations {
    use tencent_cam::{
        ActionPattern, Effect, Policy, PolicyBuilder, Region, ResourcePattern, Statement, Uin, cvm,
    };

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let owner = Uin::new(100000000001)?;
        let policy = PolicyBuilder::new()
            .statement(Statement::new(
                Effect::Allow,
                [
                    "cvm:Inquiry*".parse::<ActionPattern>()?,
                    "cvm:Describe*".parse::<ActionPattern>()?,
                    "cvm:RunInstances".parse::<ActionPattern>()?,
                ],
                [ResourcePattern::ALL],
            ))
            .deny(
                cvm::Instance::id(owner, Region::new("ap-guangzhou")?, "ins-1"),
                [cvm::Action::TerminateInstances],
            )
            .build()?;
        Ok(policy)
    }
}

pub mod everything {
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(Statement::new(Effect::Allow, [ActionPattern::ALL], [ResourcePattern::ALL]))
            .build()?;
        Ok(policy)
    }
}

pub mod mfa_or_nothing {
    use tencent_cam::policy::{Comparison, Condition, ConditionValue};
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement, key};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        // statement 0: `string_like` compares texts, and the values of `qcs:ip` are addresses: it is
        // assumed that the condition is never true: write `ip_equal`
        // statement 0: "10.*" is not an address or a network: it is assumed that it satisfies nothing,
        // in a deny too; write one like `10.0.0.0/8`
        let policy = PolicyBuilder::new()
            .statement(
                Statement::new(
                    Effect::Deny,
                    ["cam:*".parse::<ActionPattern>()?],
                    [ResourcePattern::ALL],
                )
                .with_condition(key::MFA.is(false))
                .with_condition(key::Key::bool("sso:mfa")?.is(true).if_exist())
                .with_condition(Condition::unchecked(
                    Comparison::BinaryEqual.into(),
                    "x:key",
                    [ConditionValue::Text("aGVsbG8=".into())],
                ))
                .with_condition(key::Key::new("qcs:ip")?.like(["10.*"]))
                .with_condition(key::CURRENT_TIME.since("2026-01-01T00:00:00Z".parse()?)),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod old_operation_set {
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        // statement 0: `permid/280649` is an operation set, which is obsolete; which actions it holds
        // is not documented: name the actions
        let policy = PolicyBuilder::new()
            .statement(Statement::new(
                Effect::Allow,
                ["permid/280649".parse::<ActionPattern>()?],
                [ResourcePattern::ALL],
            ))
            .build()?;
        Ok(policy)
    }
}

pub mod sms_words {
    use tencent_cam::policy::Qualifier;
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement, key};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(
                Statement::new(
                    Effect::Allow,
                    ["sms:SendSms".parse::<ActionPattern>()?],
                    [ResourcePattern::ALL],
                )
                .with_condition(key::Key::new("sms:sign")?.equals(["回声\"\\", "\u{202e}evil"]))
                .with_condition(
                    key::Key::new("sms:template")?.like(["a*"]).qualified(Qualifier::ForAnyValue),
                ),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod trtc_all_applications_but_one {
    use tencent_cam::{
        ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement, Uin, trtc,
    };

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let owner = Uin::new(100000000001)?;
        let policy = PolicyBuilder::new()
            .statement(Statement::new(
                Effect::Allow,
                [
                    "trtc:RemoveUser".parse::<ActionPattern>()?,
                    "trtc:DismissRoom".parse::<ActionPattern>()?,
                    "trtc:DescribeRoomInfo".parse::<ActionPattern>()?,
                ],
                ["qcs::trtc::uin/100000000001:sdkappid/*".parse::<ResourcePattern>()?],
            ))
            .deny(trtc::Application::id(owner, 1400000001), [trtc::Action::DismissRoom])
            .build()?;
        Ok(policy)
    }
}

pub mod trtc_both_levels_everywhere {
    use tencent_cam::{Policy, PolicyBuilder, trtc};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .allow_everywhere((trtc::Action::RemoveUser, trtc::Action::GetUserList))
            .build()?;
        Ok(policy)
    }
}

pub mod trtc_every_account {
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(Statement::new(
                Effect::Allow,
                ["trtc:RemoveUser".parse::<ActionPattern>()?],
                [
                    "qcs::trtc::uin/:sdkappid/1400000001".parse::<ResourcePattern>()?,
                    "qcs::trtc:::sdkappid/*".parse::<ResourcePattern>()?,
                ],
            ))
            .build()?;
        Ok(policy)
    }
}

pub mod trtc_full_access {
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(Statement::new(
                Effect::Allow,
                ["trtc:*".parse::<ActionPattern>()?],
                [ResourcePattern::ALL],
            ))
            .build()?;
        Ok(policy)
    }
}

pub mod trtc_in_the_office {
    use tencent_cam::{Policy, PolicyBuilder, Uin, key, trtc};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let owner = Uin::new(100000000001)?;
        let policy = PolicyBuilder::new()
            .allow_if(
                trtc::Application::id(owner, 1400000001),
                [trtc::Action::RemoveUser],
                (
                    key::SOURCE_IP.within([
                        "10.0.0.0/8".parse::<key::IpNet>()?,
                        "10.217.182.3/24".parse::<key::IpNet>()?,
                    ]),
                    key::CURRENT_TIME.before("2027-01-01T00:00:00Z".parse()?),
                ),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod trtc_odd_addresses {
    use tencent_cam::policy::{Comparison, Condition, ConditionValue};
    use tencent_cam::{Policy, PolicyBuilder, trtc};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .deny_everywhere_if(
                [trtc::Action::RemoveUser],
                Condition::unchecked(
                    Comparison::IpNotEqual.into(),
                    "qcs:ip",
                    [
                        ConditionValue::Text("10.0.0.1".into()),
                        ConditionValue::Text("2001:db8::/32".into()),
                    ],
                ),
            )
            .allow_everywhere_if(
                [trtc::Action::RemoveUser],
                Condition::unchecked(
                    Comparison::DateLessThan.into(),
                    "qcs:current_time",
                    [ConditionValue::Text("2027-01-01T08:00:00+08:00".into())],
                ),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod trtc_one_application {
    use tencent_cam::{Policy, PolicyBuilder, Uin, trtc};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let owner = Uin::new(100000000001)?;
        let policy = PolicyBuilder::new()
            .allow(
                trtc::Application::id(owner, 1400000001),
                [trtc::Action::RemoveUser, trtc::Action::DismissRoom],
            )
            .build()?;
        Ok(policy)
    }
}

pub mod trtc_operation_level {
    use tencent_cam::{Policy, PolicyBuilder, trtc};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .allow_everywhere([trtc::Action::DescribeDetailEvent, trtc::Action::GetUserList])
            .build()?;
        Ok(policy)
    }
}

pub mod trtc_operation_level_on_a_resource {
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        // statement 0: `trtc:GetUserList` is operation-level: CAM receives `*` for it, which no named
        // resource matches, so this allow grants nothing: name it in a statement with `"resource":
        // ["*"]`, which allows it on every resource; or use `trtc:DescribeAppStatList`, which its
        // documentation recommends
        let policy = PolicyBuilder::new()
            .statement(Statement::new(
                Effect::Allow,
                ["trtc:GetUserList".parse::<ActionPattern>()?],
                ["qcs::trtc::uin/100000000001:sdkappid/1400000001".parse::<ResourcePattern>()?],
            ))
            .keep_without_effect()
            .build()?;
        Ok(policy)
    }
}

pub mod trtc_read_only {
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(Statement::new(
                Effect::Allow,
                ["trtc:Describe*".parse::<ActionPattern>()?, "trtc:Get*".parse::<ActionPattern>()?],
                [ResourcePattern::ALL],
            ))
            .build()?;
        Ok(policy)
    }
}

pub mod trtc_two_accounts {
    use tencent_cam::{Policy, PolicyBuilder, Uin, trtc};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let owner = Uin::new(100000000001)?;
        let owner_2 = Uin::new(100000000002)?;
        let policy = PolicyBuilder::new()
            .allow(
                [trtc::Application::id(owner, 1400000001)?, trtc::Application::all(owner)],
                [trtc::Action::RemoveUser],
            )
            .deny(trtc::Application::id(owner_2, 1400000002), [trtc::Action::RemoveUser])
            .allow(
                [trtc::Application::id(owner, 1400000001), trtc::Application::id(owner_2, 1400000002)],
                [trtc::Action::DismissRoom],
            )
            .build()?;
        Ok(policy)
    }
}

pub mod trust_accounts {
    use tencent_cam::policy::{Principal, PrincipalKind};
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement, key};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(
                Statement::new(
                    Effect::Allow,
                    ["sts:AssumeRole".parse::<ActionPattern>()?],
                    Vec::<ResourcePattern>::new(),
                )
                .for_principal(Principal::new(PrincipalKind::Qcs, ["qcs::cam::uin/100000000001:root"])),
            )
            .statement(
                Statement::new(
                    Effect::Deny,
                    ["sts:AssumeRole".parse::<ActionPattern>()?],
                    Vec::<ResourcePattern>::new(),
                )
                .for_principal(Principal::All)
                .with_condition(key::Key::new("sts:external_id")?.not_equals(["blue & green"])),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod trust_provider {
    use tencent_cam::policy::{Principal, PrincipalKind};
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement, key};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(
                Statement::new(
                    Effect::Allow,
                    ["sts:AssumeRoleWithWebIdentity".parse::<ActionPattern>()?],
                    Vec::<ResourcePattern>::new(),
                )
                .for_principal(Principal::new(
                    PrincipalKind::Federated,
                    ["qcs::cam::uin/100000000001:oidc-provider/example"],
                ))
                .with_condition(key::Key::new("oidc:aud")?.equals(["client-1"]))
                .with_condition(key::Key::new("oidc:iss")?.equals(["https://login.example.com/"])),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod trust_service {
    use tencent_cam::policy::{Principal, PrincipalKind};
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(
                Statement::new(
                    Effect::Allow,
                    ["sts:AssumeRole".parse::<ActionPattern>()?],
                    Vec::<ResourcePattern>::new(),
                )
                .for_principal(Principal::new(
                    PrincipalKind::Service,
                    ["cls.cloud.tencent.com", "scf.qcloud.com"],
                )),
            )
            .build()?;
        Ok(policy)
    }
}

pub mod vpc_region {
    use tencent_cam::{ActionPattern, Effect, Policy, PolicyBuilder, ResourcePattern, Statement, key};

    /// The policy, as `to_rust` wrote it.
    pub fn policy() -> Result<Policy, Box<dyn std::error::Error>> {
        let policy = PolicyBuilder::new()
            .statement(
                Statement::new(
                    Effect::Allow,
                    ["vpc:*".parse::<ActionPattern>()?],
                    [ResourcePattern::ALL],
                )
                .with_condition(key::Key::new("vpc:region")?.like(["ap-*"]).if_exist())
                .with_condition(key::Key::new("vpc:zone")?.not_equals_ignoring_case(["AP-1", "ap-2"])),
            )
            .build()?;
        Ok(policy)
    }
}
