# What `make demo` plans and applies: a check of the key, the members, one
# user's daily consumption, and the pull requests of the same days.

terraform {
  required_version = ">= 1.8"

  required_providers {
    devin = {
      source = "devin-community/devin"
    }
  }
}

# The key comes from DEVIN_API_KEY.
provider "devin" {}

# Fails the plan, with an error code, if the key does not work or lacks a permission. It
# stands above the data sources because Terraform lists errors in file order.
resource "devin_connection_check" "this" {}

data "devin_principal" "key" {}

data "devin_members" "all" {}

locals {
  # The first member who has an email, since such a one is easier to recognize;
  # null where there is none.
  user_id = try(coalesce(var.user_id, [for member in data.devin_members.all.members : member.user_id if member.email != null]...), null)
}

data "devin_user_daily_consumption" "one" {
  count = local.user_id == null ? 0 : 1

  user_id    = local.user_id
  start_date = var.start_date
  end_date   = var.end_date
}

data "devin_pr_metrics" "all" {
  start_date = var.start_date
  end_date   = var.end_date
}
