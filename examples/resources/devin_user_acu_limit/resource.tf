data "devin_members" "jane" {
  email = "jane.smith@acme.example"
}

resource "devin_user_acu_limit" "jane" {
  user_id         = one(data.devin_members.jane.members).user_id
  cycle_acu_limit = 90000
}
