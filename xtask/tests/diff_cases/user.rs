// Everything a program can use of the crate made from before.toml, in the ways that must go on working.
#![allow(dead_code, deprecated, unused_imports)]

use tencent_cam::catalog::{self, Granularity, Pattern, Text};
use tencent_cam::policy::{AppliesTo, ResourceLevel, ResourceType};
use tencent_cam::*;

const LEVEL: Granularity = vault::SafeAction::GRANULARITY;
const NAME: &str = vault::KeyAction::MarkKey.facts().as_str();
const TEXT: Option<Text<'_>> = vault::SafeAction::OpenSafe.facts().description();
const PATTERNS: &[&Pattern<'_>] = vault::KeySafeAction::BindKey.facts().patterns();

fn facts(action: Action) -> usize {
    let shown = format!(
        "{:?}",
        (
            action.access_level(),
            action.surface(),
            action.category(),
            action.console_pages(),
            action.doc_url(),
            action.ip_condition(),
            action.restriction(),
            action.alternative(),
            action.references(),
            action.notes(),
        )
    );
    shown.len() + action.description().map_or(0, |text| text.en.len())
}

fn service(service: Service) -> usize {
    let facts = service.facts();
    let facts = (
        facts.name,
        facts.granularity,
        facts.console_access,
        facts.tag_authorization,
        facts.ip_restriction,
        facts.source,
        facts.references,
        facts.notes,
        facts.patterns,
    );
    match service {
        Service::Room | Service::Vault | Service::Zoo => format!("{facts:?}").len(),
        _ => 0,
    }
}

fn whole(action: vault::Action) -> &'static str {
    match action {
        vault::Action::Key(vault::KeyAction::BurnKey | vault::KeyAction::MarkKey | vault::KeyAction::RustKey) => "key",
        vault::Action::Key(_) | vault::Action::Safe(_) | vault::Action::KeySafe(_) => "another",
        vault::Action::Operation(vault::OperationAction::CreateSafe | vault::OperationAction::SearchSafes) => "none",
        vault::Action::Undocumented(_) => "unknown",
        _ => "new",
    }
}

fn limited<A: AppliesTo<R> + ResourceLevel, R: ResourceType>(_: A, resource: &Resource<R>) -> String {
    resource.to_string()
}

fn main() {
    let owner = Uin::new(12_345_678).unwrap();
    let region = Region::new("ap-guangzhou").unwrap();
    let key = vault::Key::id(owner, region.clone(), "k").unwrap();
    let safe = vault::Safe::id(owner, 7).unwrap();
    let policy = PolicyBuilder::new()
        .allow(vault::Key::all(owner, region), [vault::KeyAction::BurnKey, vault::KeyAction::MarkKey])
        .allow(key.clone(), [vault::KeySafeAction::AttachKey, vault::KeySafeAction::BindKey])
        .deny(safe.clone(), [vault::SafeAction::LockSafe, vault::SafeAction::OpenSafe])
        .allow(room::Room::id(owner, 1), [
            room::RoomAction::CloseRoom,
            room::RoomAction::GreetGuest,
            room::RoomAction::JoinRoom,
            room::RoomAction::PaintRoom,
        ])
        .deny(room::Seat::id(owner, "s"), [room::SeatAction::TakeSeat])
        .allow_everywhere([vault::OperationAction::CreateSafe, vault::OperationAction::SearchSafes])
        .allow_everywhere([vault::UndocumentedAction::TipSafe, vault::UndocumentedAction::WeighSafe])
        .deny_everywhere([
            room::OperationAction::ShowBill,
            room::OperationAction::ShowUsage,
            room::OperationAction::ShowVisits,
        ])
        .build()
        .unwrap();
    assert!(policy.to_string().contains(r#""qcs::vault::uin/12345678:safe/7""#));
    limited(vault::KeySafeAction::AttachKey, &key);
    limited(vault::KeySafeAction::AttachKey, &safe);
    for text in ["qcs::vault::uin/1:safe/7", "qcs::vault::uin/1:safe/*"] {
        text.parse::<Resource<vault::Safe>>().unwrap();
    }
    for text in ["room:CloseRoom", "name/room:TakeSeat", "vault:AttachKey", "vault:CreateSafe", "vault:MarkKey"] {
        assert!(facts(text.parse::<Action>().unwrap()) > 0);
    }
    for action in vault::Action::ALL {
        whole(*action);
    }
    for found in Service::ALL {
        service(*found);
    }
}
