locals {
  app     = "1400000001"
  actions = ["trtc:RemoveUser", "trtc:DismissRoom"]
}

variable "uin" {
  default = "100000000007"
}

variable "account" {}

resource "tencentcloud_cam_policy" "rooms" {
  name = "rooms"
  document = jsonencode({
    version = "2.0"
    statement = [
      { effect = "allow", action = local.actions, resource = ["qcs::trtc::uin/${var.uin}:sdkappid/${local.app}"] },
      { effect = "allow", action = "trtc:KickOutUser", resource = "qcs::trtc::uin/${var.account}:sdkappid/${var.app}" },
    ]
  })
}
