# Fails every plan while the key lacks one of these permissions. Without the
# argument it asks for all three that the data sources need.
resource "devin_connection_check" "this" {
  required_permissions = ["ViewAccountMembership", "ViewAccountConsumption"]
}
