locals {
  app     = 1400000001
  actions = ["trtc:RemoveUser", "trtc:DismissRoom"]
}

resource "tencentcloud_cam_policy" "rooms" {
  name     = "rooms"
  document = <<-EOF
    {"version": "2.0", "statement": [{"effect": "allow", "action": ${jsonencode(local.actions)},
      "resource": "qcs::trtc:::sdkappid/${local.app}"}]}
  EOF
}
