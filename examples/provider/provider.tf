terraform {
  required_providers {
    devin = {
      source  = "devin-community/devin"
      version = ">= 0.1.0"
    }
  }
}

# The key comes from the environment variable DEVIN_API_KEY, so that it stands
# in no file and in no state.
provider "devin" {}

# Fails every plan while the key does not work or lacks a permission.
resource "devin_connection_check" "this" {}

data "devin_pr_metrics" "october" {
  period = "2026-10"
}

output "merged" {
  value = data.devin_pr_metrics.october.prs_merged_count
}
