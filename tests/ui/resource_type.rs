use tencent_cam::{PolicyBuilder, Resource, trtc};

struct Tenant {
    app: Resource<String>,
}

fn of_a_tenant(tenant: &Tenant) -> PolicyBuilder {
    PolicyBuilder::new().allow(&tenant.app, trtc::Action::RemoveUser)
}

fn of_any_type<T>(resource: Resource<T>) -> PolicyBuilder {
    PolicyBuilder::new().allow(resource, trtc::Action::RemoveUser)
}

fn main() {}
