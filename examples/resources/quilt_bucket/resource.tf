# A bucket of this account, shown under its own name. Who may see it is a matter of policies.
resource "quilt_bucket" "results" {
  name = "example-results"
}

# All that may be said of one. Its notifications go elsewhere already, to a topic that others listen to as well.
resource "quilt_bucket" "raw" {
  name        = "example-raw"
  title       = "Raw reads"
  description = "What the sequencers write, unchanged"
  tags        = ["sequencing", "raw"]

  relevance_score      = 10
  sns_notification_arn = "arn:aws:sns:eu-central-1:111122223333:example-raw-changes"

  prefixes                 = ["runs/"]
  file_extensions_to_index = [".csv", ".json", ".md"]
  index_content_bytes      = 100000

  wait_for_index = true

  timeouts {
    create = "6h"
  }
}
