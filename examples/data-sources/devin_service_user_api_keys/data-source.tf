data "devin_service_user_api_keys" "all" {
  expires_within_days = 30
}

output "keys_that_expire" {
  value = [
    for key in data.devin_service_user_api_keys.all.expiring :
    "${coalesce(key.api_key_name, key.api_key_id)} of ${coalesce(key.service_user_name, key.service_user_id)} expires at ${key.expires_at}."
  ]
}

output "keys_that_never_expire" {
  value = [
    for key in data.devin_service_user_api_keys.all.keys :
    key.api_key_id if key.is_active && key.expires_at == null
  ]
}
