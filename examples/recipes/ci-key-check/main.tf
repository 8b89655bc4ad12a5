# Fails a plan when the Devin API key does not work or lacks a permission. Nothing else.
#
# There is no provider block, because the key comes from DEVIN_API_KEY.

terraform {
  required_version = ">= 1.8"

  required_providers {
    devin = {
      source = "devin-community/devin"
    }
  }
}

# Every plan checks the key, even without a state, as in a pull request. The error starts
# with a code such as invalid_credentials or forbidden.
resource "devin_connection_check" "this" {
  required_permissions = var.required_permissions
}
