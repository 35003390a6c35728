"""What may be opened as media: demuxers of real containers, never one that names other files."""

FORMATS = (
    "matroska,mov,mpegts,mpeg,mpegvideo,avi,flv,asf,ogg,mp3,flac,wav,w64,aac,ac3,eac3,dts,truehd,"
    "ape,wv,aiff,caf,tta,tak,dsf,rm,nut,mxf,gxf,dv,ivf,m4v,h264,hevc,av1,obu,vob,sup,vobsub,bink,smk,amr,opus"
)
