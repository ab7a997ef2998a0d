//! Why a file or its JSON cannot be read, as a person reads it.

use std::io::{Error, ErrorKind};

/// What went wrong with a file, to stand after a colon.
pub fn unread(e: &Error) -> String {
    use ErrorKind::{InvalidFilename, IsADirectory, NotADirectory, NotFound, PermissionDenied};
    match e.kind() {
        NotFound | NotADirectory => "there is no such file".into(),
        IsADirectory => "it is a folder".into(),
        PermissionDenied => "this user may not read it".into(),
        InvalidFilename => "that is not the name of a file".into(),
        _ => {
            let text = e.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_string()
        }
    }
}

/// Where a text is not JSON, to stand as a part of a sentence.
pub fn not_json(e: &serde_json::Error) -> String {
    match e.is_eof() {
        true => format!("it ends before its JSON does, in line {}", e.line()),
        false => format!("it is not JSON at line {}, column {}", e.line(), e.column()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_of_the_system_is_told() {
        for (code, text) in [
            (2, "there is no such file"),
            (13, "this user may not read it"),
            (21, "it is a folder"),
        ] {
            assert_eq!(unread(&Error::from_raw_os_error(code)), text);
        }
        assert!(!unread(&Error::from_raw_os_error(5)).contains("os error"));
        assert_eq!(unread(&Error::other("it is not text in UTF-8")), "it is not text in UTF-8");
    }
}
