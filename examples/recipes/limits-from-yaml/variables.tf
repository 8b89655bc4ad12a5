variable "file" {
  description = "The path of the file with the limits. Each line has the name or the id of an organization, and its ACUs for each billing cycle."
  type        = string
  default     = "limits.yaml"
}
