-- nothing here
/* nor here ; */
;;
