# Fails every plan while the key lacks one of these permissions. Without the argument it
# asks for three: members, consumption and pull requests.
resource "devin_connection_check" "this" {
  required_permissions = ["ViewAccountMembership", "ViewAccountConsumption"]
}
