data "devin_session_categories" "october" {
  period = "2026-10"
}

# What Devin is used for, in ACUs.
output "acus_by_category" {
  value = {
    for category in data.devin_session_categories.october.categories :
    category.category => category.acus
  }
}
