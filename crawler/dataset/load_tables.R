# Load this dataset's JSON lines with the types that its schema declares; needs jsonlite, and nothing else.
#
#   source("load_tables.R")
#   articles <- load_table("articles")   # or "removed", "edits", "failures", "duplicates"
#
# Times are POSIXct in UTC, lists of text are list columns of character vectors, records are data frames within the data frame, lists of
# records are list columns of data frames. Whole numbers are integers, and doubles in a column that goes beyond R's 2,147,483,647.
# 'pressmark export' lays this file beside data/ and schema/, from which it takes the types. Licence: Apache-2.0.

load_table <- function(table = "articles", folder = ".") {
  schema <- jsonlite::fromJSON(file.path(folder, "schema", paste0(table, ".schema.json")), simplifyVector = FALSE)
  file <- gzfile(file.path(folder, "data", paste0(table, ".jsonl.gz")))
  rows <- jsonlite::stream_in(file, verbose = FALSE, simplifyMatrix = FALSE)

  record <- function(values, part, n) {
    if (!is.data.frame(values)) values <- data.frame(row.names = seq_len(n)) # a list without an entry
    for (name in names(part$properties)) values[[name]] <- column(values[[name]], part$properties[[name]], n)
    values[names(part$properties)]
  }
  column <- function(values, part, n) {
    if (!is.null(part$`$ref`)) {
      return(record(values, schema$`$defs`[[basename(part$`$ref`)]], n))
    }
    if (is.null(values)) values <- rep(NA, n)
    kind <- setdiff(unlist(part$type), "null")
    if (kind == "array") {
      return(lapply(values, function(entries) column(entries, part$items, NROW(entries))))
    }
    switch(if (identical(part$format, "date-time")) "time" else kind,
      time = as.POSIXct(as.character(values), format = "%Y-%m-%dT%H:%M:%OSZ", tz = "UTC"),
      string = as.character(values),
      integer = if (any(abs(values) > .Machine$integer.max, na.rm = TRUE)) as.double(values) else as.integer(values),
      number = as.double(values),
      boolean = as.logical(values)
    )
  }
  record(rows, schema, nrow(rows))
}
