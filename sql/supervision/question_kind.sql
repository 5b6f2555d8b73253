-- One row per kind of question that only an officer can answer, with its paragraph, due date and possible answers.
--
-- rules: those whose findings raise the question, with blanks between; due: of whose term its days are.
create table question_kind (
    kind varchar primary key,
    paragraph varchar not null,
    subject varchar not null,
    due varchar not null,
    rules varchar not null,
    answers varchar not null,
    source varchar not null
);
