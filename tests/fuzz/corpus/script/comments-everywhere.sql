-- head;
/* ; */CREATE/**/TABLE/* ; */t(--;
a/*;*/,/***/b--
)/* ;;; */;/* tail */--;
SELECT/*/ not closed */1/* ** / */;