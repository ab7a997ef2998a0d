# The counts of all sequencing packages of a bucket, as one table: a column for each of the file, and `study` and `sample` out of the names.
resource "quilt_tabulator_table" "counts" {
  bucket = "example-results"
  name   = "counts"

  schema = [
    { name = "gene", type = "STRING" },
    { name = "length", type = "INT" },
    { name = "tpm", type = "DOUBLE", nullable = true },
  ]

  source = {
    package_name = "^rnaseq/(?<study>[^_]+)$"
    logical_key  = "salmon/(?<sample>[^/]+)/quant\\.sf$"
  }

  parser = {
    format    = "csv"
    header    = true
    delimiter = "\t"
  }

  continue_on_error = true
}

# The same from YAML, as the catalog's own page shows it.
locals {
  samples = yamldecode(<<-YAML
    schema:
      - name: sample
        type: STRING
      - name: collected
        type: DATE
    source:
      type: quilt-packages
      package_name: ^samples/
      logical_key: samples\.parquet$
    parser:
      format: parquet
  YAML
  )
}

resource "quilt_tabulator_table" "samples" {
  bucket = "example-results"
  name   = "samples"
  schema = local.samples.schema
  source = local.samples.source
  parser = local.samples.parser
}
