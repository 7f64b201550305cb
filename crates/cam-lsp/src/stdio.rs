//! The loop.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read as _, Write};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use serde_json::json;

use crate::protocol::{ErrorCode, Message, RequestId, Response};
use crate::server::Server;

/// How long the server waits for more of what somebody types before it says what is wrong.
const PAUSE: Duration = Duration::from_millis(20);

/// The longest header, and the longest message. A header may claim any length, for which there is no memory.
const LONGEST_HEADER: u64 = 4 << 10;
const LONGEST_MESSAGE: u64 = 64 << 20;

/// Answers the messages of `input` on `output`, until the editor says that it ends or the input ends. Returns whether the
/// editor asked for the end before.
///
/// A message that is no JSON-RPC gets an error as its answer, and the next message is read.
///
/// # Errors
///
/// If `output` cannot be written.
///
/// See [the crate](crate) for an example.
pub fn run(
    server: &mut Server,
    input: impl BufRead + Send + 'static,
    mut output: impl Write,
) -> io::Result<bool> {
    let (sender, receiver) = mpsc::channel();
    // Reading blocks, so it has a thread of its own. It ends with the input, or with the program.
    thread::spawn(move || {
        let mut reader = Reader { input, rest: 0 };
        loop {
            match reader.read() {
                Ok(Some(message)) => {
                    if sender.send(Ok(message)).is_err() {
                        return;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                    if sender.send(Err(error)).is_err() {
                        return;
                    }
                }
                Ok(None) | Err(_) => return,
            }
        }
    });
    let mut waiting: VecDeque<Received> = VecDeque::new();
    loop {
        let received = match next(&receiver, &mut waiting, server.has_news()) {
            Turn::Message(received) => received,
            Turn::News => {
                send(server.news(), &mut output)?;
                continue;
            }
            Turn::End => break,
        };
        match received {
            Ok(message) => {
                if let Some(id) = canceled(&message, &waiting) {
                    let message = "the client canceled the request".to_owned();
                    let code = ErrorCode::RequestCanceled as i32;
                    send(vec![Response::new_err(id, code, message).into()], &mut output)?;
                    continue;
                }
                send(server.answer(message), &mut output)?;
            }
            Err(error) => refuse(&error, &mut output)?,
        }
        if server.is_over() {
            break;
        }
    }
    Ok(server.was_shut_down())
}

/// Reads messages as [`Message::read`] does, which makes room for any length before it reads.
struct Reader<R> {
    input: R,
    /// How much there still is of a message that is too long.
    rest: u64,
}

impl<R: BufRead> Reader<R> {
    /// Returns the next message; `None` at the end of the input. The error has the kind `InvalidData` if another message
    /// may follow.
    fn read(&mut self) -> io::Result<Option<Message>> {
        let rest = std::mem::take(&mut self.rest);
        io::copy(&mut self.input.by_ref().take(rest), &mut io::sink())?;
        let (mut line, mut length) = (Vec::new(), None);
        loop {
            line.clear();
            if self.input.by_ref().take(LONGEST_HEADER).read_until(b'\n', &mut line)? == 0 {
                return Ok(None);
            }
            let header = std::str::from_utf8(&line).ok().and_then(|line| line.strip_suffix("\r\n"));
            let header = header.ok_or_else(|| invalid("a header does not end with CR LF"))?;
            if header.is_empty() {
                break;
            }
            let (name, value) = header.split_once(": ").ok_or_else(|| invalid("a header has no `: `"))?;
            if name.eq_ignore_ascii_case("Content-Length") {
                length = Some(value.parse::<u64>().map_err(invalid)?);
            }
        }
        let length = length.ok_or_else(|| invalid("the header `Content-Length` is missing"))?;
        if length > LONGEST_MESSAGE {
            self.rest = length;
            let most = LONGEST_MESSAGE >> 20;
            return Err(invalid(format!("a message of {length} bytes is longer than {most} MiB")));
        }
        let mut body = Vec::new();
        if (self.input.by_ref().take(length).read_to_end(&mut body)? as u64) < length {
            return Ok(None);
        }
        serde_json::from_slice(&body).map(Some).map_err(invalid)
    }
}

fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

type Received = Result<Message, io::Error>;

/// What to do next.
enum Turn {
    Message(Received),
    /// Nobody waits for an answer: there is time to say what is wrong.
    News,
    /// The input is at its end.
    End,
}

fn next(receiver: &Receiver<Received>, waiting: &mut VecDeque<Received>, has_news: bool) -> Turn {
    while let Ok(received) = receiver.try_recv() {
        waiting.push_back(received);
    }
    if let Some(first) = waiting.pop_front() {
        return Turn::Message(first);
    }
    if !has_news {
        return receiver.recv().map_or(Turn::End, Turn::Message);
    }
    match receiver.recv_timeout(PAUSE) {
        Ok(received) => Turn::Message(received),
        Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Turn::News,
    }
}

/// Returns the id of a request that one of the messages behind it cancels.
fn canceled(message: &Message, behind: &VecDeque<Received>) -> Option<RequestId> {
    let Message::Request(request) = message else { return None };
    let cancels = |received: &Received| {
        let Ok(Message::Notification(other)) = received else { return false };
        let id = other.params.get("id").cloned();
        other.method == "$/cancelRequest"
            && id.and_then(|id| serde_json::from_value::<RequestId>(id).ok()).as_ref() == Some(&request.id)
    };
    behind.iter().any(cancels).then(|| request.id.clone())
}

fn send(messages: Vec<Message>, output: &mut impl Write) -> io::Result<()> {
    messages.into_iter().try_for_each(|message| message.write(output))
}

/// Answers a message that cannot be read. Its id is not known.
fn refuse(error: &io::Error, output: &mut impl Write) -> io::Result<()> {
    // The error may quote the message, which the sender knows.
    let message: String = error.to_string().chars().take(200).collect();
    let code = ErrorCode::ParseError as i32;
    let answer = json!({ "jsonrpc": "2.0", "id": null, "error": { "code": code, "message": message } });
    let text = answer.to_string();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}
