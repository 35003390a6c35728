drop table unique_job;
drop table inbox;
drop table outbox;
drop function notify_outbox();
